/* Progressive enhancement only: without script a form sends a file in one piece,
   and another in pieces that one cuts oneself. With it a file goes on where it
   stopped (tus 1.0): after a cut by itself, after a reload or on another device
   once the same file is chosen again. Nothing is kept in the browser. */
(function () {
  var told = document.getElementById('sending-words');
  if (!told || !window.Worker || !window.fetch || !Blob.prototype.arrayBuffer) return;
  var words = told.dataset, lang = document.documentElement.lang || 'en';
  var MiB = 1 << 20, silence = 60000, busy = null;

  /* Figures, as the reader's language writes them. */
  function figure(n, unit, digits, display) {
    return new Intl.NumberFormat(lang, { style: unit && 'unit', unit: unit, unitDisplay: display || 'short', maximumFractionDigits: digits || 0 }).format(n);
  }
  function size(n) {
    return n >= 1e9 ? figure(n / 1e9, 'gigabyte', 1) : n >= 1e6 ? figure(n / 1e6, 'megabyte') : figure(n / 1e3, 'kilobyte');
  }
  function percent(n, of) { return new Intl.NumberFormat(lang, { style: 'percent' }).format(of ? Math.floor(100 * n / of) / 100 : 0); }
  function lasting(seconds) {
    if (seconds < 90) return figure(Math.ceil(seconds / 10) * 10, 'second', 0, 'long');
    if (seconds < 5400) return figure(Math.ceil(seconds / 60), 'minute', 0, 'long');
    return figure(Math.round(seconds / 360) / 10, 'hour', 1, 'long');
  }
  function base64(hex) {
    return btoa(hex.replace(/../g, function (two) { return String.fromCharCode(parseInt(two, 16)); }));
  }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  /* A Sending is one file in one box of the page. */
  function Sending(box, file) {
    each('[data-part=live]', bring, box);
    var part = function (name) { return box.querySelector('[data-' + name + ']'); };
    var bar = part('bar'), worker = null, request = null, timer = 0, awake = null;
    var url = '', state = '', at = 0, seen = 0, chunk = MiB, failures = 0;
    var speed = 0, mark = { time: 0, at: 0 }, moved = 0, tenth = -1;

    function values() {
      return { sent: size(seen), total: size(file.size), percent: percent(seen, file.size), speed: size(speed) + '/s', left: lasting((file.size - seen) / speed) };
    }
    function draw() {
      var v = values();
      bar.value = Math.floor(1000 * seen / file.size);
      part('sum').textContent = fill(words.sum, v);
      part('say').textContent = state === 'sending' && speed ? fill(words.speed, v) : fill(words[state], v);
      var now = state + (state === 'sending' ? Math.floor(10 * seen / file.size) : '');
      if (now !== tenth) { tenth = now; part('told').textContent = fill(words[state], v); }
      part('pause').hidden = state !== 'sending' && state !== 'waiting';
      part('resume').hidden = state !== 'paused';
      part('stop').hidden = state === 'over';
      part('say').classList.toggle('error', state === 'over');
    }
    function become(next) { state = next; clearTimeout(timer); draw(); }
    function over(sentence) {
      seen = at; /* what was only read here has not arrived */
      become('over');
      part('say').textContent = part('told').textContent = sentence;
      part('pause').hidden = part('resume').hidden = true;
      busy = null;
      if (box.again) box.again.hidden = false;
    }

    /* The sum of the first bytes, told by the thread that reads them. */
    function sum(to) {
      return new Promise(function (done, failed) {
        if (worker) worker.terminate();
        worker = new Worker(words.hasher);
        worker.onmessage = function (told) {
          if (told.data.failed) failed(new Error(words.unread));
          if (told.data.sum !== undefined) { worker.terminate(); worker = null; done(told.data.sum); return; }
          seen = told.data.at;
          draw();
        };
        worker.onerror = function () { failed(new Error(words.unread)); };
        worker.postMessage({ file: file, to: to });
      });
    }

    /* One answer from the server: what it says there is, and where. */
    function ask(method, address, headers) {
      return fetch(address, { method: method, headers: Object.assign({ 'Tus-Resumable': '1.0.0' }, headers), redirect: 'error' });
    }
    function own(address) { return new URL(address, location.href).pathname; }

    function look() {
      if (state === 'over' || state === 'paused') return;
      ask('HEAD', url).then(function (answer) {
        if (answer.status === 404 || answer.status === 410) { over(words.gone); return; }
        if (!answer.ok) throw answer;
        at = seen = Number(answer.headers.get('Upload-Offset'));
        failures = 0;
        go();
      }).catch(function () { later(); });
    }
    function go() {
      if (at === file.size) { done(); return; }
      become('sending');
      mark = { time: Date.now(), at: at };
      moved = Date.now();
      send();
    }
    function send() {
      var began = Date.now(), from = at, end = Math.min(at + chunk, file.size), here = request = new XMLHttpRequest();
      here.open('PATCH', url);
      here.setRequestHeader('Tus-Resumable', '1.0.0');
      here.setRequestHeader('Upload-Offset', at);
      here.setRequestHeader('Content-Type', 'application/offset+octet-stream');
      here.upload.onprogress = function (e) { moved = Date.now(); seen = at + e.loaded; measure(); };
      here.onload = function () {
        if (here !== request) return;
        request = null;
        if (here.status !== 204) { refused(here); return; }
        at = seen = Number(here.getResponseHeader('Upload-Offset'));
        failures = 0;
        /* What goes in eight seconds: an answer now and then, and no more. */
        chunk = Math.max(MiB, Math.min(64 * MiB, Math.round(8000 * (at - from) / Math.max(1, Date.now() - began))));
        if (at === file.size) done();
        else if (state === 'sending') send();
      };
      here.onerror = function () { if (here === request) { request = null; readable().then(later, over); } };
      here.send(file.slice(at, end));
    }
    function measure() {
      var now = Date.now(), took = (now - mark.time) / 1000;
      if (took >= 1) {
        var fresh = Math.max(0, seen - mark.at) / took;
        speed = speed ? 0.7 * speed + 0.3 * fresh : fresh;
        mark = { time: now, at: seen };
        draw();
      }
    }
    /* A cut line and a file that was moved away fail alike. */
    function readable() {
      return file.slice(at, at + 1).arrayBuffer().catch(function () { throw words.unread; });
    }
    function refused(answer) {
      var status = answer.status, sentence = (answer.responseText || '').trim();
      if (status === 409 || status === 423 || status === 429 || status >= 500 && status !== 507) { later(); return; }
      if (status === 507) { become('waiting'); part('say').textContent = sentence; timer = setTimeout(look, 60000); return; }
      if (status === 404 || status === 410) sentence = words.gone;
      over(sentence || words.gone);
    }
    function later() {
      if (state === 'over' || state === 'paused') return;
      failures++;
      seen = at;
      speed = 0;
      become('waiting');
      timer = setTimeout(look, 1000 * Math.min(30, Math.pow(2, failures - 1)) * (0.75 + Math.random() / 2));
    }
    function cut() {
      var open = request;
      request = null;
      if (open) open.abort();
    }
    function done() {
      busy = null;
      become('arrived');
      location.assign(words.after);
    }

    this.open = function () { return state === 'reading' || state === 'sending' || state === 'waiting'; };
    this.online = function () { if (state === 'waiting') { clearTimeout(timer); look(); } };
    this.tick = function () {
      if (state === 'sending' && Date.now() - moved > silence) { cut(); later(); }
      if (this.open() && !awake && navigator.wakeLock && !document.hidden) {
        awake = navigator.wakeLock.request('screen').then(function (lock) { lock.onrelease = function () { awake = null; }; }).catch(function () {});
      }
    };

    /* A new file: it is read first, so that the server can tell whether it
       arrived as it left. */
    this.begin = function (address) {
      become('reading');
      sum(file.size).then(function (hex) {
        seen = 0;
        return ask('POST', address, { 'Upload-Length': file.size, 'Upload-Metadata': 'role ' + btoa('screener') + ',sha256 ' + btoa(hex) });
      }).then(function (answer) {
        if (answer.status === 201) { url = own(answer.headers.get('Location')); go(); return; }
        return answer.text().then(function (sentence) { over(sentence.trim() || words.gone); });
      }).catch(function (why) { over(why.message === words.unread ? words.unread : words.offline); });
    };
    /* A file that somebody has begun to send: it is the same if it is as long
       and begins with the same bytes. */
    this.goOn = function (address) {
      become('reading');
      ask('POST', address).then(function (answer) {
        if (!answer.ok) throw new Error(words.gone);
        var head = answer.headers, length = Number(head.get('Upload-Length'));
        if (length !== file.size) throw new Error(fill(words.length, { yours: size(file.size), begun: size(length) }));
        return sum(Number(head.get('Upload-Offset'))).then(function (hex) {
          if ('sha256 ' + base64(hex) !== head.get('Upload-Checksum')) throw new Error(words.other);
          url = own(head.get('Location'));
          look();
        });
      }).catch(function (why) {
        over(why instanceof TypeError ? words.offline : why.message);
        each('[data-stands], [data-end]', function (part) { part.hidden = false; }, box);
      });
    };
    part('pause').onclick = function () { cut(); seen = at; become('paused'); part('resume').firstElementChild.focus(); };
    part('resume').onclick = function () { become('waiting'); look(); part('pause').firstElementChild.focus(); };
    part('stop').onclick = function () {
      if (!confirm(words.stop)) return;
      become('over');
      cut();
      if (worker) worker.terminate();
      busy = null;
      (url ? ask('DELETE', url).catch(function () {}) : Promise.resolve()).then(function () { location.reload(); });
    };
    part('name').textContent = file.name;
    busy = this;
  }

  each('[data-plain]', function (p) { p.hidden = true; });
  each('form[data-uploads]', function (form) {
    form.addEventListener('submit', function (e) {
      var file = form.elements.file.files[0];
      if (!file || busy) { if (busy) e.preventDefault(); return; }
      e.preventDefault();
      form.again = form.querySelector('[data-choice]');
      form.again.hidden = true;
      new Sending(form, file).begin(form.dataset.uploads);
    });
  });
  each('[data-again]', function (box) {
    var choice = box.again = bring(box.querySelector('[data-part=again]')), input = choice.querySelector('input');
    input.addEventListener('change', function () {
      if (!input.files[0] || busy) return;
      choice.hidden = true;
      box.querySelector('[data-stands]').hidden = box.querySelector('[data-end]').hidden = true;
      new Sending(box, input.files[0]).goOn(box.dataset.again);
    });
  });

  addEventListener('beforeunload', function (e) { if (busy && busy.open()) { e.preventDefault(); e.returnValue = ''; } });
  addEventListener('online', function () { if (busy) busy.online(); });
  document.addEventListener('visibilitychange', function () { if (busy) { busy.tick(); busy.online(); } });
  setInterval(function () { if (busy) busy.tick(); }, 5000);

  /* What is being done to a file that has arrived. */
  var stands = document.querySelector('[data-look]');
  function watch() {
    if (!stands || !stands.querySelector('[data-going]')) return;
    setTimeout(function () {
      if (document.hidden) { watch(); return; }
      fetch(stands.dataset.look, { redirect: 'error' }).then(function (answer) {
        if (!answer.ok) throw answer;
        return answer.text();
      }).then(function (text) {
        stands.innerHTML = text;
        var going = stands.querySelector('[data-going]'), film = document.querySelector('video');
        if (!busy && (!going || !film && going.matches('[data-glance]'))) {
          if (film && !film.paused) film.onpause = function () { location.reload(); };
          else location.reload();
        }
        watch();
      }).catch(function (answer) { if (!answer.status) watch(); });
    }, 3000);
  }
  watch();
})();
