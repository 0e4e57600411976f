"""
The wording of the shipped letter and of the examples, as Indonesian villages use it.

Sources: tata naskah dinas (Permendagri 1/2023), and letters that villages have put on the web.
"""

from __future__ import annotations

from sync.letter.form import Blank, Details, Form

_OPENING = (
    "Yang bertanda tangan di bawah ini, {{ jabatan }}, Kecamatan {{ kecamatan }}, "
    "{{ kabupaten }}, Provinsi {{ provinsi }}, menerangkan bahwa:"
)
_PERSON = (
    ("Nama lengkap", "{{ nama }}"),
    ("NIK", "{{ nik }}"),
    ("Tempat, tanggal lahir", "{{ tempat_lahir }}, {{ tanggal_lahir_panjang }}"),
    ("Jenis kelamin", "{{ jenis_kelamin }}"),
    ("Agama", "{{ agama }}"),
    ("Status perkawinan", "{{ status_kawin }}"),
    ("Pekerjaan", "{{ pekerjaan }}"),
)
_IN_THE_VILLAGE = ("Alamat", "Dusun {{ dusun }}, RT {{ rt }} RW {{ rw }}, Desa {{ desa }}")
_BUSINESS = (
    ("{{? nama_usaha }}Nama usaha", "{{ nama_usaha }}"),
    ("Jenis usaha", "{{ jenis_usaha }}"),
    ("Alamat usaha", "{{ alamat_usaha }}"),
    ("Mulai usaha", "{{ mulai_usaha }}"),
)
_STATEMENT = (
    "adalah penduduk Desa {{ desa }} yang, sepanjang pengetahuan kami, sampai dengan tanggal "
    "surat ini menjalankan usaha sebagai berikut:"
)
_PURPOSE = (
    "Surat keterangan ini diberikan atas permintaan yang bersangkutan untuk keperluan: "
    "{{ keperluan }}."
)
_VALIDITY = (
    "{{? masa_berlaku }}Surat ini berlaku selama {{ masa_berlaku }}, "
    "sampai dengan {{ berlaku_sampai }}."
)
_NO_LICENCE = "Surat ini bukan izin usaha dan bukan jaminan atas kewajiban pemegangnya."
_END = (
    "Demikian surat keterangan ini dibuat dengan sebenarnya agar dapat dipergunakan "
    "sebagaimana mestinya."
)

SKU = Form(
    title="Surat Keterangan Usaha",
    body=(
        _OPENING,
        Details((*_PERSON, _IN_THE_VILLAGE)),
        _STATEMENT,
        Details(_BUSINESS),
        _PURPOSE,
        _VALIDITY,
        _NO_LICENCE,
        _END,
    ),
)

#: for a farmer's loan: the land, and room for what the bank's officer finds
SKU_FOR_A_BANK = Form(
    title="Surat Keterangan Usaha",
    body=(
        _OPENING,
        Details((*_PERSON, _IN_THE_VILLAGE)),
        _STATEMENT,
        Details(
            (
                *_BUSINESS,
                ("{{? luas_sawah }}Sawah", "{{ luas_sawah }} m² {{ status_sawah }}"),
                ("{{? luas_tegal }}Tegal", "{{ luas_tegal }} m² {{ status_tegal }}"),
            )
        ),
        _PURPOSE,
        _VALIDITY,
        f"{_NO_LICENCE} {_END}",
    ),
    below=Blank(
        "Hasil Pemeriksaan Mantri (diisi oleh petugas bank)",
        ("Tanggal pemeriksaan", "Keadaan usaha dan lahan", "Nama dan paraf petugas"),
    ),
)

DOMICILE = Form(
    title="Surat Keterangan Domisili",
    body=(
        _OPENING,
        Details((*_PERSON, ("Alamat menurut KTP", "{{ alamat_ktp }}"))),
        "sepanjang pengetahuan kami, sampai dengan tanggal surat ini bertempat tinggal di:",
        Details(
            (
                ("Dusun", "{{ dusun }}, RT {{ rt }} RW {{ rw }}"),
                ("Desa", "{{ desa }}, Kecamatan {{ kecamatan }}"),
                ("Kabupaten/Kota", "{{ kabupaten }}, Provinsi {{ provinsi }}"),
                ("Sejak", "{{ tinggal_sejak }}"),
            )
        ),
        _PURPOSE,
        _VALIDITY,
        "Surat ini bukan pengganti Kartu Tanda Penduduk.",
        _END,
    ),
)

HARDSHIP = Form(
    title="Surat Keterangan Tidak Mampu",
    body=(
        _OPENING,
        Details((*_PERSON, _IN_THE_VILLAGE)),
        (
            "adalah penduduk Desa {{ desa }} yang, sepanjang pengetahuan kami dan menurut "
            "pernyataan yang bersangkutan, tergolong keluarga kurang mampu:"
        ),
        Details(
            (
                ("Penghasilan sebulan", "{{ penghasilan }}"),
                ("Tanggungan keluarga", "{{ tanggungan }} orang"),
                ("{{? nama_anak }}Surat ini untuk anak", "{{ nama_anak }}"),
                ("{{? sekolah }}Sekolah/kampus", "{{ sekolah }}"),
            )
        ),
        _PURPOSE,
        _VALIDITY,
        "Surat ini hanya berlaku untuk keperluan tersebut.",
        _END,
    ),
)

#: where each template lies, from the project's folder
TEMPLATES = {
    "templates/letter_sku.docx": SKU,
    "examples/skd/letter_skd.docx": DOMICILE,
    "examples/sktm/letter_sktm.docx": HARDSHIP,
    "examples/skubank/letter_skubank.docx": SKU_FOR_A_BANK,
}
