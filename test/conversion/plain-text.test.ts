import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cutAtWord, plainText, plainTextOfHtml } from '../../src/conversion/plain-text.ts';

/** What Qualys and those who name hosts write, what version 2.0.0 made of it, what it is now, and the characters lost. */
const titles: readonly (readonly [title: string, until2: string, now: string, dropped: number])[] = [
  [
    'Microsoft Windows Remote Desktop Protocol Remote Code Execution Vulnerability (MS12-020)',
    'Microsoft Windows Remote Desktop Protocol Remote Code Execution Vulnerability (MS12-020)',
    'Microsoft Windows Remote Desktop Protocol Remote Code Execution Vulnerability (MS12-020)',
    0,
  ],
  [
    'EOL/Obsolete Software: Microsoft SQL Server 2008 R2 &lt; SP3 Detected',
    'EOL/Obsolete Software: Microsoft SQL Server 2008 R2 < SP3 Detected',
    'EOL/Obsolete Software: Microsoft SQL Server 2008 R2 < SP3 Detected',
    0,
  ],
  [
    'SSL/TLS Server supports TLSv1.0, TLSv1.1 &quot;weak&quot; ciphers',
    "SSL/TLS Server supports TLSv1.0 TLSv1.1 'weak' ciphers",
    "SSL/TLS Server supports TLSv1.0 TLSv1.1 'weak' ciphers",
    0,
  ],
  [
    'Oracle Java SE Critical Patch Update &ndash; October 2023',
    'Oracle Java SE Critical Patch Update - October 2023',
    'Oracle Java SE Critical Patch Update - October 2023',
    0,
  ],
  [
    'Adobe&reg; Reader&trade; &amp; Acrobat Multiple Vulnerabilities (APSB23&#45;34)',
    'Adobe(R) Reader(TM) & Acrobat Multiple Vulnerabilities (APSB23-34)',
    'Adobe(R) Reader(TM) & Acrobat Multiple Vulnerabilities (APSB23-34)',
    0,
  ],
  [
    'Red Hat Update for 389&#8209;ds&#8209;base (RHSA&#8209;2021:2323)',
    'Red Hat Update for 389dsbase (RHSA2021:2323)',
    'Red Hat Update for 389-ds-base (RHSA-2021:2323)',
    0,
  ],
  [
    'Schwachstelle in der Druckerwarteschlange für Gäste (MS10-061)',
    'Schwachstelle in der Druckerwarteschlange fur Gaste (MS10-061)',
    'Schwachstelle in der Druckerwarteschlange fur Gaste (MS10-061)',
    0,
  ],
  [
    'Vulnérabilité d’exécution de code à distance dans « Internet Explorer »',
    "Vulnerabilite d'execution de code a distance dans ' Internet Explorer '",
    "Vulnerabilite d'execution de code a distance dans ' Internet Explorer '",
    0,
  ],
  [
    'Apache Log4j Remote Code Execution (Log4Shell) – versions ≥ 2.0 and ≤ 2.14.1',
    'Apache Log4j Remote Code Execution (Log4Shell) - versions >= 2.0 and <= 2.14.1',
    'Apache Log4j Remote Code Execution (Log4Shell) - versions >= 2.0 and <= 2.14.1',
    0,
  ],
  [
    'OpenSSL Padding Oracle: versions ≠ 1.0.2zf are affected',
    'OpenSSL Padding Oracle: versions = 1.0.2zf are affected',
    'OpenSSL Padding Oracle: versions != 1.0.2zf are affected',
    0,
  ],
  [
    'HP LaserJet 4½ Firmware Information Disclosure',
    'HP LaserJet 412 Firmware Information Disclosure',
    'HP LaserJet 4 1/2 Firmware Information Disclosure',
    0,
  ],
  [
    'Dell EMC 3½" Drive Controller Buffer Overflow',
    "Dell EMC 312' Drive Controller Buffer Overflow",
    "Dell EMC 3 1/2' Drive Controller Buffer Overflow",
    0,
  ],
  [
    'Уязвимость в Microsoft Exchange Server (ProxyShell)',
    'Microsoft Exchange Server (ProxyShell)',
    "Uyazvimost' v Microsoft Exchange Server (ProxyShell)",
    0,
  ],
  [
    'NetBIOS name Сервер-1 resolves to a public address',
    'NetBIOS name -1 resolves to a public address',
    'NetBIOS name Server-1 resolves to a public address',
    0,
  ],
  ['Ευπάθεια OpenSSH &alpha;-build', 'OpenSSH &alpha;-build', 'Eypatheia OpenSSH a-build', 0],
  [
    'GnuTLS &Delta;-CRL Handling &rarr; Denial of Service',
    'GnuTLS &Delta;-CRL Handling &rarr; Denial of Service',
    'GnuTLS D-CRL Handling -> Denial of Service',
    0,
  ],
  [
    'WeChat 微信 Client Remote Code Execution',
    'WeChat Client Remote Code Execution',
    'WeChat WeiXin Client Remote Code Execution',
    0,
  ],
  [
    '一太郎 Arbitrary Code Execution (JVNDB-2013-000058)',
    'Arbitrary Code Execution (JVNDB-2013-000058)',
    'YiTaiLang Arbitrary Code Execution (JVNDB-2013-000058)',
    0,
  ],
  [
    'HFS+ Volume µTorrent 10² Clients DoS',
    'HFS+ Volume Torrent 102 Clients DoS',
    'HFS+ Volume uTorrent 10 2 Clients DoS',
    0,
  ],
  [
    'Slack Desktop 🚀 Update ✅ Missing Patch',
    'Slack Desktop Update Missing Patch',
    'Slack Desktop Update Missing Patch',
    2,
  ],
  [
    'Linksys Café Router: Admin Interface at 90&deg; Angle &sect;5 &hearts;',
    'Linksys Cafe Router: Admin Interface at 90 degrees Angle section5 &hearts;',
    'Linksys Cafe Router: Admin Interface at 90 degrees Angle section 5',
    1,
  ],
  [
    'Foxit Reader ﬁle Parsing × 2 © 2023 Łódź Ærø',
    'Foxit Reader file Parsing x 2 (c) 2023 Lodz AEro',
    'Foxit Reader file Parsing x 2 (c) 2023 Lodz Aero',
    0,
  ],
];

function html(source: string): string {
  return plainTextOfHtml(source).text;
}

test('commas and line ends become blanks, double quotes single ones, blanks one', () => {
  assert.equal(plainText(' a, b,c\r\n\td  "e" ').text, "a b c d 'e'");
});

test('letters lose their marks, other signs take their ASCII form', () => {
  assert.deepEqual(plainText('Café A\u030angstro\u0308m ‘x’ “y” – z… Straße Łódź ﬁn ² ™ a\u00a0b'), {
    text: "Cafe Angstrom 'x' 'y' - z... Strasse Lodz fin 2 (TM) a b",
    dropped: 0,
  });
});

test('what has no ASCII form is dropped and counted', () => {
  assert.deepEqual(plainText('a 👍🏽 😀 ♥ \u0001\u200b\ud800 b'), { text: 'a b', dropped: 7 });
});

test('other scripts are written in Latin letters', () => {
  assert.deepEqual(plainText('Сервер-1 東京 αγδ 서울'), { text: 'Server-1 DongJing agd SeoUl', dropped: 0 });
});

test('a fraction or a power never becomes a part of the number before it', () => {
  assert.equal(plainText('½ 4½ ٤½ 10² m²').text, '1/2 4 1/2 4 1/2 10 2 m2');
});

test('no sign becomes one that says something else', () => {
  assert.equal(plainText('a ≠ b ≤ c → d ⇒ e × f').text, 'a != b <= c -> d => e x f');
});

test('HTML tags go, and separate words', () => {
  assert.equal(html('One<P>two<BR/>three<UL><LI>a<LI>b</UL>'), 'One two three a b');
  assert.equal(html('see <A HREF="https://example.com/?a=1&b" TARGET="_blank">here</A>.'), 'see here .');
  assert.equal(html('a<!-- <b> -->b'), 'a b');
});

test('what only looks like a tag stays', () => {
  assert.equal(html('vector<int> x < y > z <2.4'), 'vector<int> x < y > z <2.4');
});

test('entities are decoded once, after the tags have gone', () => {
  assert.equal(html('&lt;script&gt; &amp;lt; &quot;x&quot; isn&apos;t'), "<script> &lt; 'x' isn't");
  assert.equal(
    html('caf&eacute; &Uuml;ber &szlig; &ndash; &#8217; &#x41; &nbsp;&copy; &alpha; &sup2; &hearts;'),
    "cafe Uber ss - ' A (c) a 2",
  );
  assert.equal(html('&unknown; &constructor; & ?a=1&reg=2'), '&unknown; &constructor; & ?a=1&reg=2');
});

for (const [title, until2, now, dropped] of titles) {
  test(`the title ${title} reads ${now}${until2 === now ? '' : `, and no longer ${until2}`}`, () => {
    assert.deepEqual(plainTextOfHtml(title), { text: now, dropped });
  });
}

test('a text is cut at the end of a word', () => {
  assert.equal(cutAtWord('one two three', 13), 'one two three');
  assert.equal(cutAtWord('one two three', 12), 'one two');
  assert.equal(cutAtWord('one two three', 7), 'one two');
  assert.equal(cutAtWord('one two three', 6), 'one');
  assert.equal(cutAtWord('undivided', 4), 'undi');
  assert.equal(cutAtWord('one', 0), '');
});

/** Of fast-check's own units that have all characters the first costs a map of all of them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', ',', '\n', ' ', '<', '>', '&', ';', '«', '½'),
      ...[0x7f, 0x2fff, 0x10ffff].map((last) => fc.nat(last).map((point) => String.fromCodePoint(point))),
    ),
  )
  .map((units) => units.join(''));

test('whatever comes in, what goes out fits between two quotes of a line', () => {
  fc.assert(
    fc.property(anyText, (source) => {
      for (const { text } of [plainText(source), plainTextOfHtml(source)]) {
        assert.match(text, /^$|^[!#-+\--~](?:[ !#-+\--~]*[!#-+\--~])?$/);
        assert.doesNotMatch(text, / {2}/);
      }
    }),
  );
});

test('a hostile text takes no time that grows with its square', () => {
  for (const piece of ['<a ', '<!--', '<!-->', '&amp', '&#', '" ', '\u0301', '\u0316\u0301']) {
    const { text } = plainTextOfHtml(piece.repeat(300_000));
    assert.ok(text.length <= piece.length * 300_000);
  }
});

test('a text of characters that become many letters each is looked at up to a bound', () => {
  const { text } = plainTextOfHtml('\ufdfa'.repeat(2_500_000));
  assert.ok(text.length > 65_535 && text.length < 4_000_000, `${text.length}`);
});
