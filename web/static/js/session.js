/* Progressive enhancement only. Whoever writes, reads or watches stays signed
   in; whoever does nothing is asked two minutes before the session ends. Three
   times Esc leaves at once, and so does the link, without a step back. */
(function () {
  var stands = document.querySelector('[data-part=stay]');
  var way = document.querySelector('a[href="/leave"]');
  var escapes = [];
  function leave() {
    document.body.hidden = true;
    location.replace(way.href);
  }
  if (way) {
    document.addEventListener('keydown', function (e) {
      if (e.key !== 'Escape') { escapes = []; return; }
      escapes = escapes.concat(Date.now()).slice(-3);
      if (escapes.length === 3 && escapes[2] - escapes[0] < 2000) leave();
    });
    document.addEventListener('click', function (e) {
      if (e.target.closest && e.target.closest('a[href="/leave"]') && !e.ctrlKey && !e.metaKey) { e.preventDefault(); leave(); }
    });
  }
  if (!stands || !window.HTMLDialogElement || !window.fetch || !window.URLSearchParams) return;
  var dialog = bring(stands);
  /* A page that the browser brings back is asked for anew. */
  window.addEventListener('pageshow', function (e) { if (e.persisted) location.reload(); });
  var form = dialog.querySelector('form'), text = dialog.querySelector('p');
  var ends, asked, last = Date.now();
  function lasts(seconds) {
    ends = Date.now() + seconds * 1000;
    asked = asked && seconds < 120;
  }
  function stay() {
    last = Date.now();
    return fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
      if (!answer.ok) { over(); return; }
      return answer.text().then(function (left) { lasts(Number(left)); });
    }).catch(function () {}); /* no line now: the next sign of life asks again */
  }
  function over() {
    ends = 0;
    text.textContent = text.dataset.over;
    form.querySelector('button').hidden = true;
  }
  function alive() {
    if (!dialog.open && ends && Date.now() - last > 60000) stay();
  }
  ['input', 'keydown', 'pointerdown', 'scroll', 'timeupdate'].forEach(function (sign) {
    document.addEventListener(sign, alive, true);
  });
  form.addEventListener('submit', function (e) {
    e.preventDefault();
    stay().then(function () { if (ends) dialog.close(); });
  });
  lasts(Number(dialog.dataset.left));
  setInterval(function () {
    if (!ends) return;
    if (Date.now() > ends) over();
    if (Date.now() > ends - 120000 && !asked) { asked = true; dialog.showModal(); }
  }, 5000);
})();
