"""The sample service's fields, as the example config has them, and a service around them."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from sync.model import Column, FieldSpec, Kind, NumberSpec, Service, Signer, Village
from sync.text import COLUMN_HEADERS

TODAY = date(2026, 11, 24)


def field(name: str, kind: Kind, *question: str, **more: Any) -> FieldSpec:
    return FieldSpec(name=name, kind=kind, question=question or (name,), **more)


def _options(*names: str, **aliases: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {name: aliases.get(name.replace(" ", "_").replace("-", "_"), ()) for name in names}


FIELDS = (
    field("nama", Kind.NAME, "Nama Lengkap", "Nama Lengkap sesuai KTP"),
    field(
        "nik",
        Kind.NIK,
        "NIK",
        "Nomor Induk Kependudukan",
        region="350732",
        birth_date="tanggal_lahir",
        sex="jenis_kelamin",
    ),
    field("tempat_lahir", Kind.TEXT, "Tempat Lahir"),
    field("tanggal_lahir", Kind.DATE, "Tanggal Lahir"),
    field(
        "jenis_kelamin",
        Kind.CHOICE,
        "Jenis Kelamin",
        options={"Laki-laki": ("L", "Pria"), "Perempuan": ("P", "Wanita")},
    ),
    field(
        "agama",
        Kind.CHOICE,
        "Agama",
        options=_options(
            "Islam",
            "Kristen",
            "Katolik",
            "Hindu",
            "Buddha",
            "Khonghucu",
            "Kepercayaan terhadap Tuhan YME",
            Katolik=("Katholik",),
            Buddha=("Budha",),
        ),
    ),
    field(
        "status_kawin",
        Kind.CHOICE,
        "Status Perkawinan",
        options=_options(
            "Belum Kawin",
            "Kawin",
            "Cerai Hidup",
            "Cerai Mati",
            Belum_Kawin=("Belum Nikah", "Lajang"),
            Kawin=("Menikah", "Nikah"),
        ),
    ),
    field("pekerjaan", Kind.TEXT, "Pekerjaan"),
    field(
        "dusun",
        Kind.CHOICE,
        "Dusun",
        options=_options("Kebobang", "Tumpangrejo", "Lopawon", "Bumirejo"),
    ),
    field("rt", Kind.RT_RW, "RT"),
    field("rw", Kind.RT_RW, "RW"),
    field("nama_usaha", Kind.TEXT, "Nama Usaha", required=False),
    field("jenis_usaha", Kind.TEXT, "Jenis Usaha"),
    field("alamat_usaha", Kind.TEXT, "Alamat Usaha"),
    field(
        "mulai_usaha",
        Kind.MONTH_YEAR,
        "Mulai Usaha",
        "Usaha Sejak",
        warn_if_newer_than_months=6,
    ),
    field("keperluan", Kind.TEXT, "Keperluan"),
    field("no_wa", Kind.PHONE, "Nomor WhatsApp", "No. HP/WA", required=False),
    field("email", Kind.EMAIL, "Email", required=False),
    field("diisi_oleh", Kind.TEXT, "Diisi Oleh", required=False),
    field("pernyataan", Kind.AGREEMENT, "Pernyataan"),
)

VILLAGE = Village(
    name="Kebobang",
    district="Wonosari",
    regency="Kabupaten Malang",
    province="Jawa Timur",
    code="35.07.32.2004",
    address="Jalan Raya Kebobang Nomor 1",
    postal_code="65164",
    office_hours="Senin–Jumat 08.00–15.00 WIB",
)
SIGNER = Signer(key="kades", name="NAMA KEPALA DESA", title="Kepala Desa Kebobang")
NUMBER = NumberSpec(
    format="{code}/{sequence}/{village_code}/{year}", code="500.3", register="surat-keterangan"
)
SERVICE = Service(
    key="sku",
    title="Surat Keterangan Usaha",
    spreadsheet="made-up-spreadsheet",
    sheet="Form Responses 1",
    timestamp=("Timestamp", "Cap waktu", "Stempel waktu"),
    needs_approval=False,
    signers=(SIGNER,),
    valid_months=3,
    number=NUMBER,
    columns={column: COLUMN_HEADERS[column] for column in Column},
    identity=("nama", "nik", "tanggal_lahir"),
    duplicate_of=("nik", "nama_usaha"),
    fields=FIELDS,
    whatsapp="no_wa",
    email="email",
)


def spec(name: str, **changes: Any) -> FieldSpec:
    """Return one of the sample's fields, with *changes*."""
    return dataclasses.replace(next(f for f in FIELDS if f.name == name), **changes)
