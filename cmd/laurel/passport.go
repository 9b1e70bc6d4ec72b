package main

const passportFormat = `Passports: a work as one JSON document, schema laurel-passport/1.
Filmmakers take it along from the page of a work and bring it in at /my/works/import.

  {"schema": "laurel-passport/1",
   "film": {"title": "The Salt Ledger", "runtime": 639, "countries": ["IR"]},
   "media": [{"kind": "still", "sha256": "5f70…", "size": 81920,
              "mediaType": "image/jpeg", "seconds": 0}]}

  schema        which of these documents it is; others are refused
  film          what its makers say of it, as below
  media         what its files are, without the files. kind: screener or still;
                sha256: 64 small hex digits; size: bytes; mediaType;
                seconds: of a moving picture, 0 when not known
  At most 1 MiB of UTF-8. Nothing of any account stands in it. Whatever is left
  out is empty; what is not known is named and left out; a text in place of a
  number, or the other way round, is refused.

Film. Languages are ISO 639 codes (zxx: no dialogue), countries ISO 3166-1 of two
letters, dates 2026, 2026-03 or 2026-03-14.
  title, titleOriginal, languageOriginal, transliteration
                English title; own title, its language, and its Latin spelling
  titles        further ones: kind (local, international, original, working),
                language, text, script, transliteration
  logline, synopsisShort, synopsis, statement, biography, textLanguage
                texts, and their language; empty: English
  texts         the same texts in further languages: language and the texts
  runtime       seconds with all credits; 0: not said
  completed     date
  form          fiction, documentary, animation, experimental, hybrid,
                music-video or other
  techniques, genres, tags
                of animation; from the lists of the form; in own words
  languages     spoken or signed
  subtitleTracks
                language, how (burned-in, sidecar), sdh
  subtitles, firstFilm
                repeat what subtitleTracks and credits say
  credits       in order: id, role, name, nameLatin, note (the part played), as
                (empty, initials or none), first (a director's first film)
  companies     role, name, country
  student, school
  countries, shares
                of production, majority first; per cent by country
  countriesFilming, hideFilming
                where it was shot; true: nobody but its makers learns it
  aspectRatio, frameRate, sound, colour, shootingFormat, exhibition, budget
  shown         no, public, online, or empty: not said
  screenings    event, city, country, date, kind (public, online, television,
                press, market), territory, premiere
  awards        event, year, name
  contentWarnings, warnings
                from the list of the form; in own words
  ai            used (yes, no), where, tool, consent, told
  website, trailer
  links         further ones: kind (press-kit, catalogue, review, other), url
  screenerLink, screenerPassword, stillsBy
`
