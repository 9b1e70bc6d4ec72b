/* Comfort only: a section that was changed is saved when it is left by a link of
   the page. If that cannot be, because the line is down or an answer needs
   another look, nothing is lost: the page stays, or shows the section with the
   sentence. Without script the buttons save. */
(function () {
  var form = document.querySelector('form[data-part]');
  if (!form || !window.fetch || !window.URLSearchParams) return;
  var dirty = false;
  var leaving = false;
  form.addEventListener('input', function () { dirty = true; });
  document.addEventListener('submit', function () { leaving = true; });
  document.addEventListener('click', function (e) {
    var link = e.target.closest && e.target.closest('main a[href]');
    if (!link || !dirty || link.target || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey) return;
    if (link.hash && link.pathname === location.pathname) return;
    e.preventDefault();
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
      leaving = true;
      if (!answer.ok) return form.requestSubmit ? form.requestSubmit() : form.submit();
      location.href = link.href;
    }).catch(function () { leaving = false; });
  });
  window.addEventListener('beforeunload', function (e) { if (!leaving && dirty) e.preventDefault(); });
  window.addEventListener('pageshow', function () { leaving = false; });
})();
