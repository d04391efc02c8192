// Reads databases and private files of the frame's origin, in a world of our
// own: the page can neither see nor override what it uses. Answers a list of
// {kind, name, store, segments, unseen}. A connection of ours closes as soon
// as the page wants to change or delete its database, so it never waits for us.
(async (limits) => {
  const answers = [];
  const end = performance.now() + limits.milliseconds;
  let left = limits.characters;
  const late = () => performance.now() > end;
  const soon = (promise) => Promise.race([promise, new Promise((_, no) =>
    setTimeout(() => no(new Error("it took too long")), Math.max(1, end - performance.now())))]);
  const answered = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

  const ended = (transaction) => new Promise((yes, no) => {
    transaction.oncomplete = yes;
    transaction.onabort = () => no(transaction.error || new Error("its reading was cut off"));
  });

  const base64 = (buffer) => {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  const blob = async (b) => b.size > left ? { unread: b.size, type: b.type }
    : { name: b.name, type: b.type, base64: base64(await soon(b.arrayBuffer())) };

  // plain is a value as JSON can write it.
  const plain = async (v, depth) => {
    if (typeof v === "bigint") return v.toString();
    if (v === undefined) return null;
    if (v === null || typeof v !== "object") return v;
    if (depth > 40 || late()) return "…";
    if (v instanceof Date) return isNaN(v) ? null : v.toISOString();
    if (v instanceof Blob) return blob(v);
    if (v instanceof ArrayBuffer) return base64(v.slice(0, left));
    if (ArrayBuffer.isView(v)) return base64(v.buffer.slice(v.byteOffset, v.byteOffset + Math.min(v.byteLength, left)));
    if (v instanceof RegExp) return String(v);
    if (v instanceof Error) return v.message;
    if (v instanceof Map) return Promise.all([...v].map((pair) => plain(pair, depth + 1)));
    if (v instanceof Set) return Promise.all([...v].map((x) => plain(x, depth + 1)));
    if (v instanceof Number || v instanceof String || v instanceof Boolean) return v.valueOf();
    if (Array.isArray(v)) return Promise.all(v.map((x) => plain(x, depth + 1)));
    const all = {};
    for (const k of Object.keys(v)) all[k] = await plain(v[k], depth + 1);
    return all;
  };
  const text = async (v) => typeof v === "string" ? v : JSON.stringify(await plain(v, 0)) ?? "null";

  const open = (factory, name) => new Promise((yes, no) => {
    const request = factory.open(name);
    // It was deleted while we asked: what we would make must not come to be.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => no(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => db.close();
      if (late()) db.close(); else yes(db);
    };
  });

  const records = async (db, store) => {
    const segments = [];
    let range = null, unseen = "";
    for (;;) {
      const reading = db.transaction(store, "readonly"), from = reading.objectStore(store);
      // A connection that is closed before its transaction has ended is still
      // open to a page that would delete the database: it would be told so.
      const [keys, values] = await soon(Promise.all([
        answered(from.getAllKeys(range, limits.batch)), answered(from.getAll(range, limits.batch)), ended(reading)]));
      for (let i = 0; i < keys.length; i++) {
        const segment = { where: await text(keys[i]), text: await text(values[i]) };
        left -= segment.where.length + segment.text.length;
        if (left < 0 || late() || segments.length >= limits.records) {
          unseen = late() ? "it took too long" : "more than is read";
          break;
        }
        segments.push(segment);
      }
      if (unseen || keys.length < limits.batch) return { segments, unseen };
      range = IDBKeyRange.lowerBound(keys[keys.length - 1], true);
    }
  };

  const databases = async (factory, bucket) => {
    for (const { name } of await soon(factory.databases())) {
      const at = { kind: "IndexedDB", name: bucket + name };
      if (answers.length >= limits.stores || late()) {
        answers.push({ ...at, unseen: late() ? "it took too long" : "more databases than are read" });
        return;
      }
      let db;
      try {
        db = await soon(open(factory, name));
      } catch (e) {
        if (e.name !== "AbortError") answers.push({ ...at, unseen: String(e.message) });
        continue;
      }
      try {
        const stores = [...db.objectStoreNames];
        if (stores.length === 0) answers.push({ ...at, segments: [] });
        for (const store of stores.slice(0, limits.stores)) {
          try {
            answers.push({ ...at, store, ...await records(db, store) });
          } catch (e) {
            answers.push({ ...at, store, unseen: String(e.message) });
          }
        }
      } finally {
        db.close();
      }
    }
  };

  const files = async (folder, path, segments) => {
    for await (const [name, handle] of folder.entries()) {
      if (late() || segments.length >= limits.records) return "more files than are read";
      const at = path + "/" + name;
      if (handle.kind === "directory") {
        const unseen = await files(handle, at, segments);
        if (unseen) return unseen;
        continue;
      }
      const file = await soon(handle.getFile());
      if (file.size > left) return "more than is read";
      left -= file.size;
      const buffer = await soon(file.arrayBuffer());
      let content;
      try {
        content = new TextDecoder("utf-8", { fatal: true }).decode(buffer);
      } catch {
        content = base64(buffer);
      }
      segments.push({ where: at, text: content });
    }
    return "";
  };

  const attempt = async (kind, f) => {
    try {
      await f();
    } catch (e) {
      // A frame that may keep nothing says so: that is nothing unseen.
      if (!["SecurityError", "InvalidStateError", "NotAllowedError"].includes(e.name)) answers.push({ kind, unseen: String(e.message) });
    }
  };

  if (globalThis.indexedDB) await attempt("IndexedDB", () => databases(indexedDB, ""));
  if (navigator.storageBuckets) {
    await attempt("IndexedDB", async () => {
      for (const name of await soon(navigator.storageBuckets.keys())) {
        const bucket = await soon(navigator.storageBuckets.open(name));
        await databases(bucket.indexedDB, name + ":");
      }
    });
  }
  if (limits.files && navigator.storage?.getDirectory) {
    await attempt("File System", async () => {
      const segments = [];
      const unseen = await files(await soon(navigator.storage.getDirectory()), "", segments);
      if (segments.length || unseen) answers.push({ kind: "File System", segments, unseen });
    });
  }
  return answers;
})
