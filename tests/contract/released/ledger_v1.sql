BEGIN TRANSACTION;
CREATE TABLE counters (
	village TEXT NOT NULL, 
	register TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (village, register, year)
)
 STRICT

;
INSERT INTO "counters" VALUES('35.07.32.2004','surat-keterangan',2026,1,2);
CREATE TABLE entries (
	village TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	service TEXT NOT NULL, 
	spreadsheet TEXT NOT NULL, 
	gid INTEGER NOT NULL, 
	serial TEXT NOT NULL, 
	occurrence INTEGER NOT NULL, 
	identity TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	status TEXT NOT NULL, 
	step TEXT NOT NULL, 
	rev INTEGER NOT NULL, 
	confirmed INTEGER NOT NULL, 
	approved INTEGER NOT NULL, 
	hold_reason TEXT NOT NULL, 
	hold_other TEXT NOT NULL, 
	duplicate_key TEXT NOT NULL, 
	action TEXT NOT NULL, 
	ignored_action TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	replaced_by TEXT NOT NULL, 
	row_missing_since TEXT NOT NULL, 
	cells TEXT NOT NULL, 
	PRIMARY KEY (village, submission_id), 
	UNIQUE (village, spreadsheet, gid, serial, occurrence), 
	UNIQUE (village, service, ordinal)
)
 STRICT

;
INSERT INTO "entries" VALUES('35.07.32.2004','SKU-00000001-0',1,'sku','sheet-one',1,'4000000000001',1,'{"nama":"aa","nik":"bb"}','f1','ISSUED','published',2,0,0,'','','','','','','','','{}');
INSERT INTO "entries" VALUES('35.07.32.2004','SKU-00000002-0',2,'sku','sheet-one',1,'4000000000002',1,'{"nama":"aa","nik":"bb"}','f1','VOID','numbered',2,0,0,'','','','','','salah','','','{}');
INSERT INTO "entries" VALUES('35.07.32.2004','SKU-00000003-0',3,'sku','sheet-one',1,'4000000000003',1,'{"nama":"aa","nik":"bb"}','f1','RECEIVED','checked',0,0,0,'','','','','','','','','{}');
CREATE TABLE events (
	number INTEGER NOT NULL, 
	village TEXT NOT NULL, 
	at TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	event TEXT NOT NULL, 
	status TEXT NOT NULL, 
	step TEXT NOT NULL, 
	rev INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
 STRICT

;
INSERT INTO "events" VALUES(1,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000001-0','seen','RECEIVED','checked',0);
INSERT INTO "events" VALUES(2,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000001-0','numbered','RECEIVED','numbered',1);
INSERT INTO "events" VALUES(3,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000002-0','seen','RECEIVED','checked',0);
INSERT INTO "events" VALUES(4,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000002-0','numbered','RECEIVED','numbered',1);
INSERT INTO "events" VALUES(5,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000003-0','seen','RECEIVED','checked',0);
INSERT INTO "events" VALUES(6,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000001-0','changed','ISSUED','published',2);
INSERT INTO "events" VALUES(7,'35.07.32.2004','2026-11-24T03:15:00+00:00','SKU-00000002-0','voided','VOID','numbered',2);
INSERT INTO "events" VALUES(8,'35.07.32.2004','2026-11-24T03:15:00+00:00','','set-up','','',0);
CREATE TABLE letters (
	village TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	issued_on TEXT NOT NULL, 
	valid_until TEXT NOT NULL, 
	signer TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	identity TEXT NOT NULL, 
	"values" TEXT NOT NULL, 
	template_hash TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	location TEXT, 
	PRIMARY KEY (village, submission_id, revision), 
	UNIQUE (village, location), 
	FOREIGN KEY(village, submission_id) REFERENCES entries (village, submission_id)
)
 STRICT

;
INSERT INTO "letters" VALUES('35.07.32.2004','SKU-00000001-0',1,'2026-11-24','','["kades","Contoh Wibowo","Kepala Desa Kebobang","",""]','f1','{"nama":"aa","nik":"bb"}','{"nama":"Siti Contoh","nomor_surat":"1"}','t1','abababababababababababababababababababababababababababababababab','surat-keterangan/2026/0001_SKU-00000001-0_r1.docx');
INSERT INTO "letters" VALUES('35.07.32.2004','SKU-00000002-0',1,'2026-11-24','','["kades","Contoh Wibowo","Kepala Desa Kebobang","",""]','f1','{"nama":"aa","nik":"bb"}','{"nama":"Siti Contoh","nomor_surat":"2"}','t1','',NULL);
CREATE TABLE meta (
	village TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (village, "key")
)
 STRICT

;
INSERT INTO "meta" VALUES('','schema_version','1');
INSERT INTO "meta" VALUES('35.07.32.2004','ledger_uuid','953afe27-5890-4651-8d2b-1471edb24cb9');
INSERT INTO "meta" VALUES('35.07.32.2004','gid:sku','7');
CREATE TABLE register_lines (
	village TEXT NOT NULL, 
	register TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	letter_number TEXT NOT NULL, 
	issued_on TEXT NOT NULL, 
	state TEXT NOT NULL, 
	title TEXT NOT NULL, 
	submission_id TEXT, 
	applicant TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	line_hash TEXT NOT NULL, 
	PRIMARY KEY (village, register, year, sequence), 
	UNIQUE (village, submission_id), 
	FOREIGN KEY(village, submission_id) REFERENCES entries (village, submission_id), 
	CHECK (state IN ('issued', 'void', 'reserved'))
)
 STRICT

;
INSERT INTO "register_lines" VALUES('35.07.32.2004','surat-keterangan',2026,1,'500.3/1/35.07.32.2004/2026','2026-11-24','issued','Surat Keterangan Usaha','SKU-00000001-0','Siti Contoh','modal usaha',1,'','608d66b5ea506004e68e0a4874c78183');
INSERT INTO "register_lines" VALUES('35.07.32.2004','surat-keterangan',2026,2,'500.3/2/35.07.32.2004/2026','2026-11-24','void','Surat Keterangan Usaha','SKU-00000002-0','Siti Contoh','modal usaha',1,'salah','74ec72c7ad6a1f29b455b74040be0a5e');
CREATE TABLE tokens (
	village TEXT NOT NULL, 
	text TEXT NOT NULL, 
	service TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	"column" TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	ended_at TEXT NOT NULL, 
	PRIMARY KEY (village, text)
)
 STRICT

;
CREATE INDEX tokens_open ON tokens (village, service, ended_at);
CREATE INDEX events_of_submission ON events (village, submission_id);
COMMIT;
