/* The verification page: reads the code after "#", checks it, says what it is. docs/seal.md has
   the format. Written for old phones too: no syntax newer than ES5. */
(function () {
  "use strict";

  var DATA = JSON.parse(document.getElementById("data").textContent);
  var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
    "September", "Oktober", "November", "Desember"];
  var LONGEST = 4000;
  /* The order of the curve's base point, from its lowest byte: RFC 8032, 5.1.7 wants a smaller S,
     or every signature could be written in a second way. */
  var ORDER = [237, 211, 245, 92, 26, 99, 18, 88, 214, 156, 247, 162, 222, 249, 222, 20,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16];

  var WORDS = {
    genuine: ["good", "✓ Berlaku",
      "Surat ini dibuat oleh kantor desa dan berlaku bila ditandatangani dan distempel.",
      "Made by this village office; valid if it is signed and stamped."],
    expired: ["late", "⏱ Kedaluwarsa",
      "Surat ini dibuat oleh kantor desa, tetapi masa berlakunya sudah lewat.",
      "Genuine, but no longer valid: its time is over."],
    void: ["bad", "✗ Dibatalkan", "Surat ini sudah dibatalkan oleh kantor desa. Jangan diterima.",
      "Withdrawn by the village office. Do not accept it."],
    replaced: ["bad", "✗ Diganti",
      "Surat ini sudah diganti dengan surat pengganti. Minta surat yang terbaru.",
      "Replaced by a newer issue of the same number. Ask for the newest one."],
    unknown: ["bad", "✗ Tidak dikenal",
      "Kode ini tidak dibuat oleh kantor desa ini, atau sudah diubah. Jangan diterima.",
      "Not made by this village office, or changed. Do not accept it."],
    unreadable: ["bad", "✗ Tidak terbaca", "Ini bukan kode pemeriksaan surat. Coba pindai lagi.",
      "This is not the code of a letter. Try scanning again."],
    waiting: ["wait", "Memeriksa …", "Daftar surat batal sedang dibuka.",
      "Opening the list of withdrawn letters."],
    empty: ["wait", "Belum ada kode", "Pindai kode QR pada surat.", "Scan the code on the letter."]
  };

  /* base64url to bytes; null unless it is the one spelling of them */
  function bytesOf(text) {
    var bytes = [], rest = 0, bits = 0, at, value;
    for (at = 0; at < text.length; at += 1) {
      value = ALPHABET.indexOf(text.charAt(at));
      if (value < 0) { return null; }
      rest = (rest << 6 | value) & 0xffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes.push(rest >> bits & 255);
      }
    }
    return bits < 6 && (rest & (1 << bits) - 1) === 0 ? new Uint8Array(bytes) : null;
  }

  /* UTF-8 to text; throws for anything else */
  function textOf(bytes) {
    var at, escaped = "";
    for (at = 0; at < bytes.length; at += 1) {
      escaped += "%" + (bytes[at] < 16 ? "0" : "") + bytes[at].toString(16);
    }
    return decodeURIComponent(escaped);
  }

  function utf8(text) {
    var plain = unescape(encodeURIComponent(text)), bytes = new Uint8Array(plain.length), at;
    for (at = 0; at < plain.length; at += 1) { bytes[at] = plain.charCodeAt(at); }
    return bytes;
  }

  /* Reads CBOR in its shortest form (RFC 8949, 4.2.1); throws for any other */
  function Reader(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  Reader.prototype.take = function (count) {
    if (this.at + count > this.bytes.length) { throw new Error("short"); }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  };
  Reader.prototype.head = function (major) {
    var first = this.take(1)[0], info = first & 31, size, value = 0, at, more;
    if (first >> 5 !== major || info > 26) { throw new Error("other"); }
    if (info < 24) { return info; }
    size = 1 << info - 24;
    more = this.take(size);
    for (at = 0; at < size; at += 1) { value = value * 256 + more[at]; }
    if (value < (size === 1 ? 24 : Math.pow(256, size / 2))) { throw new Error("long form"); }
    return value;
  };
  Reader.prototype.number = function () { return this.head(0); };
  Reader.prototype.content = function () { return this.take(this.head(2)); };
  Reader.prototype.text = function () { return textOf(this.take(this.head(3))); };
  Reader.prototype.list = function (count) {
    if (this.head(4) !== count) { throw new Error("other"); }
  };
  Reader.prototype.maybe = function () {
    if (this.bytes[this.at] === 0xf6) {
      this.at += 1;
      return null;
    }
    return this.number();
  };
  Reader.prototype.end = function () {
    if (this.at !== this.bytes.length) { throw new Error("more"); }
  };

  function isSigned(content, signature, keyId) {
    var key = Object.prototype.hasOwnProperty.call(DATA.keys, keyId) && bytesOf(DATA.keys[keyId]);
    var at;
    if (!key || key.length !== 32 || signature.length !== 64) { return false; }
    for (at = 31; at >= 0 && signature[32 + at] === ORDER[at]; at -= 1) { /* as large so far */ }
    if (at < 0 || signature[32 + at] > ORDER[at]) { return false; }
    return nacl.sign.detached.verify(content, signature, key);
  }

  /* What a token says: {result, seal}; result "genuine" means only that it is signed */
  function opened(token) {
    var bytes = token.length <= LONGEST ? bytesOf(token) : null, reader, keyId, payload, signature;
    if (!bytes) { return {result: "unreadable"}; }
    reader = new Reader(bytes);
    try {
      reader.list(4);
      if (reader.number() !== 1) { return {result: "unreadable"}; }
      keyId = reader.text();
      payload = reader.content();
      signature = reader.content();
      reader.end();
    } catch (ignored) {
      return {result: "unreadable"};
    }
    if (!isSigned(payload, signature, keyId)) { return {result: "unknown"}; }
    try {
      return {result: "genuine", seal: sealOf(new Reader(payload))};
    } catch (ignored) {
      return {result: "unreadable"};
    }
  }

  function sealOf(reader) {
    var seal = {};
    reader.list(8);
    seal.village = reader.text();
    seal.service = reader.text();
    seal.number = reader.text();
    seal.revision = reader.number();
    seal.issued = reader.number();
    seal.until = reader.maybe();
    seal.name = reader.text();
    seal.digest = reader.content();
    reader.end();
    return seal;
  }

  /* The content of a list of withdrawn letters; null when it is not signed by this village */
  function listOf(signed) {
    var list, signature;
    try {
      signature = bytesOf(signed.signature);
      if (!signature || !isSigned(utf8(signed.signed), signature, signed.key_id)) { return null; }
      list = JSON.parse(signed.signed);
      return list.village === DATA.village_code && list.letters ? list : null;
    } catch (ignored) {
      return null;
    }
  }

  function standing(seal, list, today) {
    var at, letter;
    for (at = 0; list && at < list.letters.length; at += 1) {
      letter = list.letters[at];
      if (letter[0] === seal.service && letter[1] === seal.number) {
        if (letter[2] === null) { return "void"; }
        if (letter[2] > seal.revision) { return "replaced"; }
      }
    }
    return seal.until !== null && seal.until < today ? "expired" : "genuine";
  }

  /* Today as days since 1970-01-01, by this device's calendar */
  function dayNumber() {
    var now = new Date();
    return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86400000;
  }

  function longDate(days) {
    var day = new Date(days * 86400000);
    return day.getUTCDate() + " " + MONTHS[day.getUTCMonth()] + " " + day.getUTCFullYear();
  }

  function show(id, text) {
    document.getElementById(id).textContent = text;
  }

  function fact(label, value) {
    var facts = document.getElementById("facts"), term, said;
    if (value) {
      term = document.createElement("dt");
      term.textContent = label;
      said = document.createElement("dd");
      said.textContent = value;
      facts.appendChild(term);
      facts.appendChild(said);
    }
  }

  function showFacts(seal) {
    var title = seal && Object.prototype.hasOwnProperty.call(DATA.services, seal.service) ?
      DATA.services[seal.service] : seal && seal.service;
    document.getElementById("facts").textContent = "";
    document.getElementById("facts").hidden = !seal;
    if (seal) {
      fact("Jenis surat · Kind", title);
      fact("Nomor · Number", seal.number);
      fact("Surat pengganti · Revision", seal.revision > 1 ? "revisi " + seal.revision : "");
      fact("Nama pemohon · Applicant", seal.name);
      fact("Tanggal surat · Issued on", longDate(seal.issued));
      fact("Berlaku sampai · Valid until",
        seal.until === null ? "tanpa batas waktu" : longDate(seal.until));
    }
  }

  function showList(seal, list, state) {
    var line = document.getElementById("list");
    line.hidden = !seal || state === "waiting";
    line.className = state === "newest" ? "" : "warn";
    line.textContent = state === "newest" ?
      "Daftar surat batal " + list.made_on + ". · List of withdrawn letters: up to date." :
      "Daftar surat batal yang terbaru tidak dapat dibuka; dipakai yang " +
      (list ? list.made_on : "kosong") +
      ". · The newest list of withdrawn letters cannot be reached; an older one was used.";
  }

  /* state: of the list, "waiting", "newest" or "older" */
  function render(token, list, state) {
    var found = token ? opened(token) : {result: "empty"}, seal = found.seal, words;
    var result = seal ? standing(seal, list, dayNumber()) : found.result;
    words = WORDS[result === "genuine" && state === "waiting" ? "waiting" : result];
    document.getElementById("result").className = words[0];
    show("state", words[1]);
    show("meaning", words[2]);
    show("english", words[3]);
    showFacts(seal);
    showList(seal, list, state);
    document.getElementById("ask").hidden = !!seal;
  }

  function tokenIn(text) {
    return text.replace(/^\s+|\s+$/g, "").replace(/^[\s\S]*#/, "");
  }

  var online = /^https?:$/.test(location.protocol);
  var list = listOf(DATA.list), state = online ? "waiting" : "older";

  function again() {
    render(tokenIn(location.hash), list, state);
  }

  function fetched(request) {
    var newer = null;
    try {
      newer = request.status === 200 ? listOf(JSON.parse(request.responseText)) : null;
    } catch (ignored) {
      newer = null;
    }
    state = "older";
    if (newer && (!list || newer.made_at >= list.made_at)) {
      list = newer;
      state = "newest";
    }
    again();
  }

  function fetchList() {
    var request = new XMLHttpRequest();
    request.onload = request.onerror = request.ontimeout = function () { fetched(request); };
    request.open("GET", "void.json");
    request.timeout = 10000;
    request.setRequestHeader("Cache-Control", "no-cache");
    request.send();
  }

  document.getElementById("ask").onsubmit = function () {
    location.hash = tokenIn(document.getElementById("code").value);
    return false;
  };
  window.onhashchange = again;
  again();
  if (online) { fetchList(); }
}());
