/* Progressive enhancement only: without script the browser plays the film in one
   piece with controls of its own. With it the film comes in pieces, as fine as
   the line allows or as was chosen; keys work, and where one stopped is kept. */
(function () {
  var box = document.querySelector('[data-player]');
  if (!box) return;
  var video = box.querySelector('video'), bar = bring(document.querySelector('[data-part=player]'));
  var set = box.dataset, hls = null, begun = false, loading = false, wanted = false, gone = false, kept = -1;
  var at = Number(set.at) || 0;
  function part(name) { return bar.querySelector('[data-' + name + ']'); }
  var quality = part('quality'), speed = part('speed'), words = part('words'), time = part('time');
  if (window.MediaSource || window.ManagedMediaSource || video.canPlayType('application/vnd.apple.mpegurl')) {
    each('[data-plain]', function (p) { p.hidden = true; });
  }

  /* The film in pieces. */
  function begin() {
    if (begun || gone || !set.ladder) return;
    begun = true;
    if (!window.MediaSource && !window.ManagedMediaSource) { choose(); return; }
    var script = document.createElement('script');
    script.src = set.hls;
    script.onload = attach;
    document.head.appendChild(script);
  }
  function attach() {
    if (gone) return;
    if (!window.Hls || !window.Hls.isSupported()) { choose(); return; }
    var playing = !video.paused;
    at = video.currentTime || at;
    hls = new window.Hls({ enableWorker: false, autoStartLoad: false, startLevel: 0, capLevelToPlayerSize: true, maxBufferLength: 30, backBufferLength: 30 });
    hls.on(window.Hls.Events.ERROR, function (_, e) {
      if (e.response && e.response.code >= 400 && e.response.code < 500) { over(); return; }
      if (!e.fatal) return;
      if (e.type === window.Hls.ErrorTypes.MEDIA_ERROR) { hls.recoverMediaError(); return; }
      say('line');
      setTimeout(function () { if (hls) hls.startLoad(); }, 3000);
    });
    hls.on(window.Hls.Events.MANIFEST_PARSED, function () {
      if ('lean' in set) hls.autoLevelCapping = 0;
      choose();
      if (wanted || playing) { load(); video.play(); }
    });
    hls.loadSource(set.ladder);
    hls.attachMedia(video);
  }
  /* The first pieces come when they are wanted, from where one stopped. */
  function load() {
    if (!hls || !hls.levels.length || loading) return;
    loading = true;
    hls.startLoad(at);
  }
  function choose() {
    var name = quality ? quality.value : '';
    if (hls) {
      hls.nextLevel = name ? hls.levels.findIndex(function (l) { return l.url[0].indexOf('/' + name + '.m3u8') > 0; }) : -1;
      return;
    }
    if (window.MediaSource || window.ManagedMediaSource) return;
    var from = video.currentTime || at, playing = wanted || !video.paused;
    video.src = name ? set.ladder.replace('master', name) : set.ladder;
    video.addEventListener('loadedmetadata', function () { video.currentTime = from; }, { once: true });
    if (playing) video.play();
  }

  /* What happens to the film is said in a sentence. */
  function say(name) {
    var p = document.querySelector('[data-say]'), sentence = name ? p.dataset[name] : '';
    if (p.textContent !== sentence) p.textContent = sentence;
  }
  function over() {
    if (gone) return;
    gone = true;
    video.pause();
    each('source', function (s) { video.removeChild(s); }, video);
    if (hls) hls.destroy();
    hls = null;
    video.removeAttribute('src');
    video.load();
    video.controls = false;
    bar.hidden = true;
    say('over');
  }
  function ask() {
    if (gone) return;
    if (!window.fetch) { say('broken'); return; }
    fetch(set.ladder || set.video, { method: 'HEAD' }).then(function (answer) {
      if (answer.status === 404) over(); else say('broken');
    }).catch(function () { say('line'); });
  }
  video.addEventListener('error', function () { if (video.error) ask(); });
  video.addEventListener('playing', function () { say(''); });

  /* Where one is, kept with the house and not in the browser: one place after the
     other, so that none overtakes the next, and again if it did not arrive. */
  var sending = false, again = false;
  function keep() {
    var form = document.querySelector('[data-place]'), now = video.ended ? 0 : Math.floor(video.currentTime);
    if (!form || !window.fetch || gone || now === kept || !video.currentTime) return;
    if (sending) { again = true; return; }
    sending = true;
    kept = form.elements.seconds.value = now;
    fetch(form.action, { method: 'POST', keepalive: true, body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
      if (answer.status === 404) over();
      sent(answer.status < 500);
    }).catch(function () { sent(false); });
  }
  function sent(arrived) {
    sending = false;
    if (!arrived) kept = -1;
    if (arrived && again) keep();
    again = false;
  }
  setInterval(keep, 5000);
  ['pause', 'ended', 'seeked'].forEach(function (sign) { video.addEventListener(sign, keep); });
  window.addEventListener('pagehide', function () { sending = false; keep(); });

  function clock(seconds) {
    var s = Math.floor(seconds || 0), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return (h ? h + ':' + (m < 10 ? '0' : '') : '') + m + ':' + (s % 60 < 10 ? '0' : '') + s % 60;
  }
  function tick() {
    var all = isFinite(video.duration) && video.duration || Number(set.seconds);
    time.textContent = time.dataset.time.replace('{at}', clock(video.currentTime || (video.played.length ? 0 : at))).replace('{all}', clock(all));
  }
  ['timeupdate', 'durationchange', 'seeking'].forEach(function (sign) { video.addEventListener(sign, tick); });
  tick();

  /* Choices, and keys for them. */
  function told(select) { part('told').textContent = select.options[select.selectedIndex].text; }
  function subtitles() {
    for (var i = 0; i < video.textTracks.length; i++) video.textTracks[i].mode = String(i) === words.value ? 'showing' : 'disabled';
  }
  if (quality) quality.addEventListener('change', function () { begin(); choose(); });
  speed.addEventListener('change', function () { video.playbackRate = Number(speed.value); });
  if (words) {
    words.addEventListener('change', subtitles);
    video.textTracks.addEventListener('change', function () {
      words.value = String(Array.prototype.findIndex.call(video.textTracks, function (t) { return t.mode === 'showing'; }));
    });
  }
  function faster(by) {
    var to = speed.selectedIndex + by;
    if (to < 0 || to >= speed.options.length) return;
    speed.selectedIndex = to;
    video.playbackRate = Number(speed.value);
    told(speed);
  }
  function go(by) { video.currentTime = Math.max(0, Math.min(video.currentTime + by, video.duration || 0)); }
  function play() { if (video.paused) video.play(); else video.pause(); }
  function switchWords() {
    if (!words) return;
    var shown = words.selectedIndex > 0 ? 0 : Number(words.dataset.last || 1);
    if (words.selectedIndex > 0) words.dataset.last = words.selectedIndex;
    words.selectedIndex = shown;
    subtitles();
    told(words);
  }
  function wide() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (video.requestFullscreen) video.requestFullscreen();
    else if (video.webkitEnterFullscreen) video.webkitEnterFullscreen();
  }
  var keys = {
    ' ': play, k: play, ArrowLeft: function () { go(-5); }, ArrowRight: function () { go(5); },
    j: function () { go(-10); }, l: function () { go(10); }, f: wide, m: function () { video.muted = !video.muted; },
    c: switchWords, '<': function () { faster(-1); }, '>': function () { faster(1); }
  };
  document.addEventListener('keydown', function (e) {
    if (gone || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector('dialog[open]') || !part('keys').checked) return;
    var t = e.target, letter = /^Key[A-Z]$/.test(e.code) && !/^[a-z]$/i.test(e.key) ? e.code.slice(3) : e.key;
    var act = keys[letter.length === 1 ? letter.toLowerCase() : letter];
    if (!act || t.closest('textarea,select,[contenteditable],input:not([type=radio]):not([type=checkbox])')) return;
    if ((e.key === ' ' || letter.length > 1) && t.closest('a,button,input,summary')) return;
    e.preventDefault();
    act();
  });
  video.addEventListener('play', function () {
    wanted = true;
    begin();
    load();
  });
  /* A pause before there is anything to see is the browser's, which begins anew
     with what was put in the place of the whole film. */
  video.addEventListener('pause', function () { if (video.readyState > 2) wanted = false; });
  video.addEventListener('canplay', function () { if (wanted && video.paused) video.play(); });
  if (!('lean' in set)) {
    if (document.readyState === 'complete') begin(); else window.addEventListener('load', begin);
  }
})();
