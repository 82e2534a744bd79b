"""Texts of what may be wrong with a file as YAML text."""

from __future__ import annotations

from workflow.locale import register
from workflow.source.diagnostics import codes

SYNTAX = {
    # What the parser says (its C and its Python form) → variant of `yaml-syntax`; the first match counts.
    "tab character": "tab",
    "found character '\\t'": "tab",
    "mapping values are not allowed": "colon",
    "expected ',' or '}'": "brace",
    "expected ',' or ']'": "bracket",
    "expected '-' indicator": "item",
    "did not find expected key": "key",
    "expected <block end>": "key",
    "cannot start any token": "start",
    "could not find expected ':'": "missing-colon",
    "unexpected end of stream": "quote",
    "unexpected document indicator": "quote",
    "unexpected document separator": "quote",
    "unknown escape character": "escape",
    "expected hexdecimal number": "escape",
    "expected escape sequence": "escape",
    "invalid Unicode character escape": "escape",
    "sequence entries are not allowed": "list",
    "expected node content": "node",
    "expected the node content": "node",
    "<document start>": "after-end",
    "tag handle": "tag",
}
SYNTAX_CONTEXTS = {
    # … and, where the problem alone does not tell, what it was reading.
    "block scalar": "block",
    "anchor": "anchor",
    "alias": "anchor",
    "directive": "anchor",
    "tag": "tag",
}

_EDITOR_HELP = 'in the editor, choose "save with encoding" and there UTF-8'
_EDITOR_HELP_ID = 'di penyunting teks, pilih "simpan dengan pengodean" lalu UTF-8'

register(
    {
        "place.first-key": {"en": "first written here", "id": "pertama kali ditulis di sini"},
        "place.opened": {"en": "opened here", "id": "dibuka di sini"},
        "place.begun": {"en": "begun here", "id": "dimulai di sini"},
        "place.beside": {
            "en": "what it would stand beside begins here, in another column",
            "id": "yang setingkat dengannya dimulai di sini, di kolom lain",
        },
        "place.value": {"en": "the value before it begins here", "id": "nilai sebelumnya dimulai di sini"},
        "place.ended": {"en": "what came before ended here", "id": "yang sebelumnya berakhir di sini"},
        "place.cut": {"en": "this value was cut at the comma", "id": "nilai ini terpotong di koma"},
    }
)

codes(
    {
        "yaml-syntax": {
            "about": "the file is not YAML that can be read; nothing after this place was looked at",
            "en": "this is not YAML that can be read: {problem}",
            "id": "ini bukan YAML yang dapat dibaca: {problem}",
        },
        "yaml-syntax.tab": {
            "en": "a tab stands where only spaces may",
            "id": "ada tab di tempat yang hanya boleh berisi spasi",
            "help": "replace the tab by spaces",
            "help_id": "ganti tab dengan spasi",
        },
        "yaml-syntax.colon": {
            "en": "a key with ':' cannot begin here, inside another value",
            "id": "kunci dengan ':' tidak dapat dimulai di sini, di dalam nilai lain",
            "help": "if the colon belongs to the text, put the text in quotes; "
            "if this is a key of its own, check how far it and the line before are indented",
            "help_id": "bila titik dua bagian dari teks, apit teks dengan tanda kutip; "
            "bila ini kunci tersendiri, periksa jorokan baris ini dan baris sebelumnya",
        },
        "yaml-syntax.key": {
            "en": "this does not fit the mapping that it stands in",
            "id": "ini tidak sesuai dengan pemetaan tempatnya berada",
            "help": "keys of one mapping begin in the same column; "
            "text after a closing quote is not part of the value",
            "help_id": "kunci dalam satu pemetaan dimulai di kolom yang sama; "
            "teks setelah kutip penutup bukan bagian dari nilai",
        },
        "yaml-syntax.item": {
            "en": "this does not fit the list that it stands in",
            "id": "ini tidak sesuai dengan daftar tempatnya berada",
            "help": "every item of a list begins with '- ' in the same column",
            "help_id": "setiap butir daftar dimulai dengan '- ' di kolom yang sama",
        },
        "yaml-syntax.brace": {
            "en": "expected ',' or '}}' here",
            "id": "di sini seharusnya ',' atau '}}'",
            "help": "put a comma between entries and quotes around text with , : [ ] {{ }} in it, "
            "or write one entry a line without braces",
            "help_id": "beri koma di antara entri dan tanda kutip pada teks yang berisi , : [ ] {{ }}, "
            "atau tulis satu entri per baris tanpa kurung kurawal",
        },
        "yaml-syntax.bracket": {
            "en": "expected ',' or ']' here",
            "id": "di sini seharusnya ',' atau ']'",
            "help": "put a comma between items and quotes around text with , : [ ] {{ }} in it, "
            "or write one item a line, each beginning with '- '",
            "help_id": "beri koma di antara butir dan tanda kutip pada teks yang berisi , : [ ] {{ }}, "
            "atau tulis satu butir per baris, masing-masing dimulai dengan '- '",
        },
        "yaml-syntax.unclosed": {
            "en": "this '{char}' is never closed",
            "id": "'{char}' ini tidak pernah ditutup",
        },
        "yaml-syntax.start": {
            "en": "a text cannot begin with '{char}'",
            "id": "teks tidak dapat dimulai dengan '{char}'",
            "help": "put the text in quotes",
            "help_id": "apit teks dengan tanda kutip",
        },
        "yaml-syntax.missing-colon": {
            "en": "expected ': ' after a key on this line",
            "id": "di baris ini seharusnya ada ': ' setelah kunci",
            "help": "a key is followed by a colon and a space; "
            "text that goes on from the line before is indented further",
            "help_id": "kunci diikuti titik dua dan spasi; "
            "teks lanjutan dari baris sebelumnya dijorokkan lebih dalam",
        },
        "yaml-syntax.missing-space": {
            "en": "there is no space after the ':' in '{word}', which makes it text instead of a key",
            "id": "tidak ada spasi setelah ':' pada '{word}', sehingga menjadi teks, bukan kunci",
            "help": "put a space after the colon",
            "help_id": "beri spasi setelah titik dua",
        },
        "yaml-syntax.quote": {
            "en": "the quote that opens here is never closed",
            "id": "tanda kutip yang dibuka di sini tidak pernah ditutup",
        },
        "yaml-syntax.comment": {
            "en": "there is no space before the '#'",
            "id": "tidak ada spasi sebelum '#'",
            "help": "put a space before a comment; if the '#' belongs to the text, put all of it in quotes",
            "help_id": "beri spasi sebelum komentar; bila '#' bagian dari teks, beri kutip pada seluruh teks",
        },
        "yaml-syntax.escape": {
            "en": "this '\\' sequence means nothing in double quotes",
            "id": "urutan '\\' ini tidak berarti apa-apa dalam kutip ganda",
            "help": "write '\\\\' for a backslash, or use single quotes",
            "help_id": "tulis '\\\\' untuk garis miring terbalik, atau gunakan kutip tunggal",
        },
        "yaml-syntax.list": {
            "en": "a list cannot begin here",
            "id": "daftar tidak dapat dimulai di sini",
            "help": "begin the list on the next line, or put text that begins with '-' in quotes",
            "help_id": "mulai daftar di baris berikutnya, atau beri kutip pada teks yang diawali '-'",
        },
        "yaml-syntax.node": {
            "en": "expected a value here",
            "id": "di sini seharusnya ada nilai",
            "help": "a value is missing, or a text that begins with a sign needs quotes",
            "help_id": "ada nilai yang kurang, atau teks yang dimulai dengan tanda baca perlu tanda kutip",
        },
        "yaml-syntax.after-end": {
            "en": "the document has ended before this",
            "id": "dokumen sudah berakhir sebelum ini",
        },
        "yaml-syntax.block": {
            "en": "this text block (after '|' or '>') cannot be read: {problem}",
            "id": "blok teks (setelah '|' atau '>') ini tidak dapat dibaca: {problem}",
        },
        "yaml-syntax.anchor": {
            "en": "a text cannot begin with '{char}'",
            "id": "teks tidak dapat dimulai dengan '{char}'",
            "help": "put the text in quotes",
            "help_id": "apit teks dengan tanda kutip",
        },
        "yaml-syntax.tag": {
            "en": "a text cannot begin with '!'",
            "id": "teks tidak dapat dimulai dengan '!'",
            "help": "put the text in quotes",
            "help_id": "apit teks dengan tanda kutip",
        },
        "not-utf8": {
            "about": "the file is not UTF-8 text",
            "en": "the byte 0x{byte} is not UTF-8",
            "id": "bita 0x{byte} bukan UTF-8",
            "help": _EDITOR_HELP,
            "help_id": _EDITOR_HELP_ID,
        },
        "not-utf8.encoding": {
            "en": "the file is {encoding}, not UTF-8",
            "id": "berkas ini {encoding}, bukan UTF-8",
            "help": _EDITOR_HELP,
            "help_id": _EDITOR_HELP_ID,
        },
        "file-too-large": {
            "about": "the file is larger than a definition may be",
            "en": "the file has {size} bytes; at most {most} are read",
            "id": "berkas ini {size} bita; paling banyak {most} yang dibaca",
            "help": "move what several parts share into fragments",
            "help_id": "pindahkan yang dipakai bersama ke dalam fragmen",
        },
        "too-deep": {
            "about": "lists and mappings are nested too deeply",
            "en": "nested more than {most} levels deep",
            "id": "bersarang lebih dari {most} tingkat",
        },
        "too-many-nodes": {
            "about": "the file has too many keys and values",
            "en": "the file has more than {most} keys and values",
            "id": "berkas ini memuat lebih dari {most} kunci dan nilai",
        },
        "text-too-long": {
            "about": "a key or value is too long",
            "en": "this value has {size} characters; at most {most} are allowed",
            "id": "nilai ini {size} karakter; paling banyak {most} yang diperbolehkan",
        },
        "text-too-long.key": {
            "en": "this key has {size} characters; at most {most} are allowed",
            "id": "kunci ini {size} karakter; paling banyak {most} yang diperbolehkan",
        },
        "too-many-problems": {
            "about": "the file has so many problems that the rest was not looked at",
            "en": "{most} problems found; the rest of the file was not looked at",
            "id": "{most} masalah ditemukan; selebihnya tidak diperiksa",
        },
        "forbidden-character": {
            "about": "a character that cannot be seen, or that changes how others are seen",
            "en": "the control character {char} may not stand in a definition",
            "id": "karakter kendali {char} tidak boleh ada dalam definisi",
            "help": "delete it",
            "help_id": "hapus karakter itu",
        },
        "forbidden-character.nul": {
            "en": "the NUL character may not stand in a definition",
            "id": "karakter NUL tidak boleh ada dalam definisi",
            "help": "delete it; the file may be damaged or not a text file",
            "help_id": "hapus karakter itu; berkas mungkin rusak atau bukan berkas teks",
        },
        "forbidden-character.bidi": {
            "en": "{char} makes text appear in another order than it is read in",
            "id": "{char} membuat teks tampak dalam urutan yang lain dari yang dibaca",
            "help": "delete it",
            "help_id": "hapus karakter itu",
        },
        "forbidden-character.invisible": {
            "en": "{char} cannot be seen and makes equal words differ",
            "id": "{char} tidak terlihat dan membuat kata yang sama menjadi berbeda",
            "help": "delete it",
            "help_id": "hapus karakter itu",
        },
        "forbidden-character.surrogate": {
            "en": "{char} is half a character",
            "id": "{char} hanya separuh karakter",
            "help": "delete it",
            "help_id": "hapus karakter itu",
        },
        "lookalike-key": {
            "about": "a key is written with letters that only look like those of another key",
            "en": "this key looks like '{plain}' but is written with {char}",
            "id": "kunci ini tampak seperti '{plain}' tetapi ditulis dengan {char}",
            "help": "type '{plain}' anew",
            "help_id": "ketik ulang '{plain}'",
        },
        "odd-space": {
            "about": "a space that looks like an ordinary one and is none to YAML",
            "en": "{char} is not an ordinary space",
            "id": "{char} bukan spasi biasa",
            "help": "replace it by an ordinary space; it often comes with text copied from elsewhere",
            "help_id": "ganti dengan spasi biasa; karakter ini sering terbawa saat menyalin teks",
        },
        "tab-indentation": {
            "about": "a line is indented with a tab",
            "en": "this line is indented with a tab",
            "id": "baris ini dijorokkan dengan tab",
            "help": "indent with spaces",
            "help_id": "jorokkan dengan spasi",
        },
        "yaml-directive": {
            "about": "a YAML directive (a line with % before the document)",
            "en": "YAML directives are not used in definitions",
            "id": "direktif YAML tidak dipakai dalam definisi",
            "help": "delete the line",
            "help_id": "hapus baris itu",
        },
        "several-documents": {
            "about": "a second document in the same file",
            "en": "a second document begins here; a file holds one",
            "id": "dokumen kedua dimulai di sini; satu berkas memuat satu dokumen",
            "help": "move it to a file of its own, or delete the '---'",
            "help_id": "pindahkan ke berkas tersendiri, atau hapus '---'",
        },
        "empty-file": {
            "about": "the file has no content",
            "en": "the file is empty",
            "id": "berkas ini kosong",
        },
        "yaml-anchor": {
            "about": "a YAML anchor (&name)",
            "en": "the anchor '&{name}' is not allowed",
            "id": "jangkar '&{name}' tidak diperbolehkan",
            "help": "write the value out where it is needed, or put text that begins with '&' in quotes",
            "help_id": "tulis nilai itu di setiap tempat yang memerlukan, "
            "atau apit teks yang dimulai dengan '&' dengan tanda kutip",
        },
        "yaml-alias": {
            "about": "a YAML alias (*name)",
            "en": "the alias '*{name}' is not allowed",
            "id": "alias '*{name}' tidak diperbolehkan",
            "help": "write the value out, or put text that begins with '*' in quotes",
            "help_id": "tulis nilainya, atau apit teks yang dimulai dengan '*' dengan tanda kutip",
        },
        "yaml-tag": {
            "about": "a YAML tag (!name)",
            "en": "the tag '{name}' is not allowed",
            "id": "tag '{name}' tidak diperbolehkan",
            "help": "delete it; every value is typed by what it fills",
            "help_id": "hapus; jenis setiap nilai ditentukan oleh tempatnya",
        },
        "merge-key": {
            "about": "a YAML merge key (<<)",
            "en": "the merge key '<<' is not allowed",
            "id": "kunci gabungan '<<' tidak diperbolehkan",
            "help": "write the keys out",
            "help_id": "tulis kunci-kuncinya",
        },
        "duplicate-key": {
            "about": "a key stands twice in one mapping",
            "en": "the key '{name}' stands here a second time",
            "id": "kunci '{name}' muncul untuk kedua kalinya",
            "help": "keep one of the two, or give the other another name",
            "help_id": "pertahankan salah satu, atau beri nama lain pada yang lain",
        },
        "key-not-text": {
            "about": "a key is a list, a mapping or empty",
            "en": "a key must be text, not a list or mapping",
            "id": "kunci harus berupa teks, bukan daftar atau pemetaan",
            "help": "if '{{' or '[' belongs to a text, put the text in quotes",
            "help_id": "bila '{{' atau '[' bagian dari teks, apit teks dengan tanda kutip",
        },
        "key-not-text.empty": {
            "en": "there is no key before the ':'",
            "id": "tidak ada kunci sebelum ':'",
            "help": "write a key, or put text that begins with ':' in quotes",
            "help_id": "tulis kunci, atau apit teks yang dimulai dengan ':' dengan tanda kutip",
        },
        "empty-flow-value": {
            "about": "a key without a value inside { }: a comma or colon that was meant as text",
            "en": "the key '{name}' has no value: the comma before it ended the value of '{before}'",
            "id": "kunci '{name}' tidak bernilai: koma sebelumnya mengakhiri nilai '{before}'",
            "help": "if the comma belongs to the text, put that in quotes or on a line of its own",
            "help_id": "bila koma itu bagian dari teks, apit teks dengan tanda kutip "
            "atau tulis di baris tersendiri",
        },
        "empty-flow-value.first": {
            "en": "the key '{name}' has no value",
            "id": "kunci '{name}' tidak bernilai",
            "help": "write a value after ': '; a text with , : [ ] {{ }} in it needs quotes",
            "help_id": "tulis nilai setelah ': '; teks yang berisi , : [ ] {{ }} perlu tanda kutip",
        },
        "empty-flow-value.colon": {
            "en": "'{name}' was read as a key without a value: there is no space after its ':'",
            "id": "'{name}' dibaca sebagai kunci tanpa nilai: tidak ada spasi setelah ':'",
            "help": "put a space after the colon, or the text in quotes",
            "help_id": "beri spasi setelah titik dua, atau apit teks dengan tanda kutip",
        },
        "empty-flow-value.item": {
            "en": "the key '{name}' has no value",
            "id": "kunci '{name}' tidak bernilai",
            "help": "write a value after ': '; if the colon belongs to the text, put the text in quotes",
            "help_id": "tulis nilai setelah ': '; bila titik dua bagian dari teks, beri tanda kutip",
        },
    }
)
