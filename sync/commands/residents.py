"""Invented people who ask for a letter in the demo; every NIK is made up."""

from __future__ import annotations

from types import MappingProxyType

_USUAL = MappingProxyType(
    {
        "Tempat Lahir": "Malang",
        "Jenis Kelamin": "Perempuan",
        "Agama": "Islam",
        "Status Perkawinan": "Kawin",
        "Pekerjaan": "Pedagang",
        "Dusun": "Kebobang",
        "RT": "003",
        "RW": "005",
        "Alamat Usaha": "Dusun Kebobang RT 003 RW 005",
        "Mulai Usaha": "Januari 2019",
        "Keperluan": "Pengajuan Kredit Usaha Rakyat (KUR)",
        "Nomor WhatsApp": "081200000001",
        "Diisi Oleh": "Sendiri",
        "Pernyataan": "Saya menyatakan data yang saya isi benar",
    }
)

#: Answers by question, in the order in which the residents send them.
RESIDENTS: tuple[dict[str, str], ...] = tuple(
    {**_USUAL, **answers}
    for answers in (
        {
            "Nama Lengkap": "Siti Contoh",
            "NIK": "3507 3255 0885 9901",
            "Tanggal Lahir": "1985-08-15",
            "Nama Usaha": 'Toko "Ani & Budi" <Jaya>',
            "Jenis Usaha": "Toko kelontong",
        },
        {
            "Nama Lengkap": "Budi Misal",
            "NIK": "350732120379990",
            "Tanggal Lahir": "1979-03-12",
            "Jenis Kelamin": "Laki-laki",
            "Nama Usaha": "Bengkel Maju Jaya",
            "Jenis Usaha": "Bengkel sepeda motor",
        },
        {
            "Nama Lengkap": "Hj. Aminah Umpama, S.Pd.",
            "NIK": "3507324107659903",
            "Tanggal Lahir": "1965-07-01",
            "Jenis Usaha": "Katering rumahan",
            "Nomor WhatsApp": "",
            "Diisi Oleh": "Perangkat Desa (Pak Joko)",
        },
        {
            "Nama Lengkap": "joko andai",
            "NIK": "3573020501909904",
            "Tanggal Lahir": "1990-01-05",
            "Jenis Kelamin": "Laki-laki",
            "Nama Usaha": "Kopi Lereng Kawi",
            "Jenis Usaha": "Pengolahan kopi",
            "Mulai Usaha": "September 2026",
        },
        {
            "Nama Lengkap": "Sri Kiranya",
            "NIK": "3507325305929905",
            "Tanggal Lahir": "1992-05-13",
            "Nama Usaha": "Jahit Rapi",
            "Jenis Usaha": "Penjahit",
            "Mulai Usaha": "sudah lama",
        },
        {
            "Nama Lengkap": "Siti Contoh",
            "NIK": "3507325508859901",
            "Tanggal Lahir": "1985-08-15",
            "Nama Usaha": 'Toko "Ani & Budi" <Jaya>',
            "Jenis Usaha": "Toko kelontong",
        },
        {
            "Nama Lengkap": "Dewi Contoh",
            "NIK": "3507326009889906",
            "Tanggal Lahir": "1988-09-20",
            "Nama Usaha": "ꦮꦫꦸꦁ ꦱꦫꦶ",
            "Jenis Usaha": "Warung makan",
            "Dusun": "Lopawon",
        },
        {
            "Nama Lengkap": "Sri Kiranya",
            "NIK": "3507325305929905",
            "Tanggal Lahir": "1992-05-13",
            "Nama Usaha": "Jahit Rapi",
            "Jenis Usaha": "Penjahit",
            "Mulai Usaha": "Maret 2015",
        },
    )
)

#: What the office types when Budi comes with his KTP: question and answer.
CORRECTION = ("Budi Misal", "NIK", "'3507321203799902")
SIGNED = ("Dewi Contoh", "Tindakan", "Sudah Ditandatangani")
