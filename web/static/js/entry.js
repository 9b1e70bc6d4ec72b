/* Progressive enhancement only: the sections of an entry are forms of their own,
   so that each can be saved without script. With script, sending one of them
   first saves what was typed into the others; nothing is lost by pressing the
   wrong button. */
(function () {
  var dirty = new Set();
  var leaving = false;
  function parts() { return Array.prototype.slice.call(document.querySelectorAll('form[data-part]')); }
  document.addEventListener('input', function (e) {
    var form = e.target.closest && e.target.closest('form[data-part]');
    if (form) dirty.add(form);
  });
  function save(form) {
    return fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      .then(function (answer) { if (answer.ok) dirty.delete(form); return answer.ok; })
      .catch(function () { return false; });
  }
  document.addEventListener('submit', function (e) {
    var form = e.target, button = e.submitter;
    var others = parts().filter(function (p) { return p !== form && dirty.has(p); });
    if (leaving || !others.length || form.closest('.foot,.bar')) { leaving = true; return; }
    e.preventDefault();
    others.reduce(function (before, other) {
      return before.then(function (fine) { return save(other).then(function (ok) { return fine && ok; }); });
    }, Promise.resolve(true)).then(function (fine) {
      var next = form;
      if (!fine) {
        /* One of the others has an answer that cannot be saved: this one is
           saved quietly, and the page shows the other with its sentence. */
        next = others.filter(function (p) { return dirty.has(p); })[0];
        if (form.hasAttribute('data-part')) return save(form).then(function () { go(next); });
        return go(next);
      }
      go(next, next === form ? button : null);
    });
  });
  function go(form, button) { leaving = true; form.requestSubmit(button || undefined); }
  window.addEventListener('beforeunload', function (e) {
    if (!leaving && dirty.size) e.preventDefault();
  });
  window.addEventListener('pageshow', function () { leaving = false; });
})();
