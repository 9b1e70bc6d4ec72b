/* SHA-256 (FIPS 180-4) of a file, in a thread of its own so that the page goes
   on. It is told { file, to } and tells { at } on the way and { sum } at last. */
(function () {
  var K = new Int32Array(64), first = new Int32Array(8), W = new Int32Array(64);
  (function () {
    /* The first 32 bits of the fractions of the roots of the first primes. */
    function fraction(root) { return ((root - Math.floor(root)) * 0x100000000) | 0; }
    for (var n = 2, count = 0; count < 64; n++) {
      for (var d = 2; d * d <= n && n % d; d++);
      if (d * d <= n) continue;
      if (count < 8) first[count] = fraction(Math.sqrt(n));
      K[count++] = fraction(Math.cbrt(n));
    }
  })();

  function block(h, view, at) {
    for (var i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
    for (; i < 64; i++) {
      var x = W[i - 15], y = W[i - 2];
      W[i] = (W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
    }
    var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 64; i++) {
      var t = (k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0;
      var u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      k = g; g = f; f = e; e = (d + t) | 0;
      d = c; c = b; b = a; a = (t + u) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
  }

  /* What is left after the last whole block, a one, zeros, and the length. */
  function end(h, rest, length) {
    var last = new Uint8Array(rest.length < 56 ? 64 : 128), view = new DataView(last.buffer);
    last.set(rest);
    last[rest.length] = 0x80;
    view.setUint32(last.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(last.length - 4, (length % 0x20000000) * 8);
    for (var at = 0; at < last.length; at += 64) block(h, view, at);
    return Array.from(h, function (word) { return ('0000000' + (word >>> 0).toString(16)).slice(-8); }).join('');
  }

  var step = 4 << 20; /* whole blocks */
  self.onmessage = function (asked) {
    var file = asked.data.file, to = asked.data.to, h = first.slice();
    (function read(at) {
      var here = Math.min(at + step, to);
      file.slice(at, here).arrayBuffer().then(function (bytes) {
        if (bytes.byteLength !== here - at) throw new Error('the file has changed');
        var view = new DataView(bytes), whole = bytes.byteLength - bytes.byteLength % 64;
        for (var i = 0; i < whole; i += 64) block(h, view, i);
        self.postMessage({ at: here });
        if (here < to) read(here);
        else self.postMessage({ sum: end(h, new Uint8Array(bytes, whole), to) });
      }).catch(function () { self.postMessage({ failed: true }); });
    })(0);
  };
})();
