/* Forms that a passkey answers. Without script, or where the browser knows no
   passkeys, they stay away: every page has another way. */
(function () {
  if (!window.PublicKeyCredential || !navigator.credentials || !window.fetch) return;
  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function words(buffer) {
    var plain = '';
    new Uint8Array(buffer).forEach(function (b) { plain += String.fromCharCode(b); });
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function known(list) {
    return (list || []).map(function (c) { return { type: c.type, id: bytes(c.id), transports: c.transports }; });
  }
  /* What the server wrote as text becomes what the browser wants as bytes. */
  function ask(make, options) {
    var o = options.publicKey;
    o.challenge = bytes(o.challenge);
    if (!make) {
      o.allowCredentials = known(o.allowCredentials);
      return navigator.credentials.get({ publicKey: o });
    }
    o.user.id = bytes(o.user.id);
    o.excludeCredentials = known(o.excludeCredentials);
    return navigator.credentials.create({ publicKey: o });
  }
  function answer(c) {
    var r = c.response, out = { clientDataJSON: words(r.clientDataJSON) };
    if (r.attestationObject) {
      out.attestationObject = words(r.attestationObject);
      out.transports = r.getTransports ? r.getTransports() : [];
    } else {
      out.authenticatorData = words(r.authenticatorData);
      out.signature = words(r.signature);
      if (r.userHandle) out.userHandle = words(r.userHandle);
    }
    return JSON.stringify({ id: c.id, rawId: words(c.rawId), type: c.type, response: out, clientExtensionResults: {} });
  }
  each('[data-part=passkey]', function (text) {
    var form = bring(text), wrong = form.querySelector('[autofocus]');
    var failed = form.querySelector('[data-failed]');
    var button = form.querySelector('button');
    if (wrong) wrong.focus();
    each('[data-no-passkey]', function (e) { e.hidden = true; });
    form.addEventListener('submit', function (e) {
      e.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      failed.hidden = true;
      fetch(form.dataset.challenge, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
        .then(function (r) { if (!r.ok) throw r; return r.json(); })
        .then(function (options) { return ask(form.dataset.passkey === 'make', options); })
        .then(function (c) {
          form.elements.credential.value = answer(c);
          form.submit();
        })
        .catch(function () { failed.hidden = false; button.disabled = false; });
    });
  });
})();
