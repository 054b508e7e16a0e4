/** How the page looks: light and dark, wide, narrow and printed. */

const css = String.raw;

export const STYLE = css`
  :root {
    color-scheme: light dark;
    --ground: #f3f5f7;
    --surface: #fff;
    --line: #d5dbe1;
    --text: #17202a;
    --soft: #54606c;
    --accent: #14689c;
    --rest: #b4bfc9;
    --well: #1a6e43;
    --well-ground: #e6f4ec;
    --look: #7a4d00;
    --look-ground: #fff3d9;
    --failed: #a3121f;
    --failed-ground: #fdeaea;
    --s5: #8c1026;
    --s4: #c8321c;
    --s3: #d96f00;
    --s2: #a88400;
    --s1: #55748f;
    --s0: #6f6f6f;
    --on5: #fff;
    --on4: #fff;
    --on3: #1a1000;
    --on2: #1a1400;
    --on1: #fff;
    --on0: #fff;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #0e1317;
      --surface: #171e24;
      --line: #33404b;
      --text: #e6ebef;
      --soft: #a3b0bc;
      --accent: #66b5e6;
      --rest: #4d5b68;
      --well: #7fd6a5;
      --well-ground: #12291d;
      --look: #f2c46b;
      --look-ground: #2c2210;
      --failed: #ff9a9a;
      --failed-ground: #381519;
      --s5: #ff5c77;
      --s4: #ff8b5e;
      --s3: #ffb347;
      --s2: #e5d04c;
      --s1: #8db4d6;
      --s0: #a8a8a8;
      --on5: #1c0006;
      --on4: #1c0800;
      --on3: #1a1000;
      --on2: #1a1400;
      --on1: #04121f;
      --on0: #111;
    }
  }
  * {
    box-sizing: border-box;
  }
  html {
    -webkit-text-size-adjust: 100%;
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--text);
    font:
      1rem/1.5 system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      Arial,
      sans-serif;
    overflow-wrap: anywhere;
  }
  header,
  main,
  footer {
    max-width: 72rem;
    margin: 0 auto;
    padding: 0 1.25rem;
  }
  header {
    padding-top: 1.75rem;
  }
  footer {
    padding-bottom: 2.5rem;
    color: var(--soft);
    font-size: 0.875rem;
  }
  h1 {
    margin: 0 0 1rem;
    font-size: 1.5rem;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  h2 {
    margin: 0 0 0.75rem;
    font-size: 1.125rem;
    line-height: 1.3;
  }
  h3 {
    margin: 0 0 0.75rem;
    font-size: 1rem;
  }
  .source > h2 {
    margin: 2.5rem 0 0.25rem;
    font-size: 1.375rem;
  }
  .brand {
    margin: 0 0 0.25rem;
    color: var(--soft);
    font-size: 0.875rem;
  }
  p {
    margin: 0 0 0.75rem;
  }
  a {
    color: var(--accent);
  }
  code {
    font-family: ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace;
    font-size: 0.9em;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .skip {
    position: absolute;
    left: 1rem;
    top: -4rem;
    padding: 0.5rem 1rem;
    background: var(--surface);
    border-radius: 0.375rem;
    z-index: 1;
  }
  .skip:focus {
    top: 0.5rem;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .hidden-svg {
    position: absolute;
  }

  .verdict {
    padding: 1rem 1.25rem 0.375rem;
    border-left: 0.375rem solid;
    border-radius: 0.5rem;
  }
  .verdict h2 {
    margin-bottom: 0.375rem;
    font-size: 1.25rem;
  }
  .verdict h2 svg {
    width: 1.25rem;
    height: 1.25rem;
    margin-right: 0.5rem;
    vertical-align: -0.2rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 2.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .verdict ul {
    margin: 0 0 0.75rem;
    padding-left: 1.25rem;
  }
  .well {
    background: var(--well-ground);
    border-color: var(--well);
  }
  .look {
    background: var(--look-ground);
    border-color: var(--look);
  }
  .failed {
    background: var(--failed-ground);
    border-color: var(--failed);
  }
  .well h2 {
    color: var(--well);
  }
  .look h2 {
    color: var(--look);
  }
  .failed h2 {
    color: var(--failed);
  }
  .message {
    margin: 0.375rem 0 0.75rem;
    white-space: pre-line;
  }

  .place p {
    margin: 0.375rem 0;
  }
  .lacking {
    color: var(--failed);
  }

  .tile-groups {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    margin: 1rem 0;
  }
  .tile-groups .tiles {
    flex: 1 1 18rem;
    margin: 0 0 0.75rem;
  }
  .tiles h2 {
    margin: 0 0 0.5rem;
    font-size: 1rem;
  }
  .tiles dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
    gap: 0.75rem;
    margin: 0;
  }
  main section {
    padding: 1rem 1.25rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 0.625rem;
  }
  main section {
    margin: 0.75rem 0;
  }
  main section.source {
    padding: 0;
    background: none;
    border: 0;
  }
  /* Numbers stand in one line, also where a name takes two. */
  .tiles dl > div {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
  }
  .tiles dt {
    color: var(--soft);
    font-size: 0.875rem;
  }
  .tiles dd {
    margin: 0;
    font-size: 1.5rem;
    font-weight: 600;
    line-height: 1.25;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .tiles .grave dd {
    color: var(--s5);
  }

  .named {
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .named li {
    padding: 0.25rem 0;
  }

  .note,
  .about {
    color: var(--soft);
    font-size: 0.875rem;
    font-weight: 400;
  }
  .note {
    margin: 0.75rem 0 0;
  }
  .about {
    display: block;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.75rem 2.5rem;
    align-items: start;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: 0 0 0.375rem;
    text-align: left;
    color: var(--soft);
    font-size: 0.9375rem;
  }
  th,
  td {
    padding: 0.3125rem 0.75rem 0.3125rem 0;
    text-align: left;
    vertical-align: middle;
    font-weight: 400;
  }
  tr > :last-child {
    padding-right: 0;
  }
  thead th {
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  tbody th,
  tbody td {
    border-top: 1px solid var(--line);
  }
  .number,
  .count {
    text-align: right;
    white-space: nowrap;
  }
  .zero {
    color: var(--soft);
  }
  .bars {
    table-layout: fixed;
  }
  .bars .number {
    white-space: normal;
    overflow-wrap: normal;
  }
  .bars thead .number {
    vertical-align: bottom;
  }
  .bars thead .number {
    width: 5.75rem;
  }
  .bars thead th:first-child {
    width: 8.5rem;
  }
  .bars.long thead th:first-child {
    width: 46%;
  }
  .bar {
    display: block;
  }
  .with-badge {
    display: flex;
    gap: 0.625rem;
    align-items: baseline;
  }
  .badge {
    display: inline-block;
    margin-right: 0.125rem;
    min-width: 1.5em;
    padding: 0 0.375em;
    border-radius: 0.25rem;
    text-align: center;
    font-size: 0.8125rem;
    font-weight: 700;
    line-height: 1.5;
    -webkit-print-color-adjust: exact;
    print-color-adjust: exact;
  }
  .b5 {
    background: var(--s5);
    color: var(--on5);
  }
  .b4 {
    background: var(--s4);
    color: var(--on4);
  }
  .b3 {
    background: var(--s3);
    color: var(--on3);
  }
  .b2 {
    background: var(--s2);
    color: var(--on2);
  }
  .b1 {
    background: var(--s1);
    color: var(--on1);
  }
  .b0 {
    background: var(--s0);
    color: var(--on0);
  }
  .s5 {
    fill: var(--s5);
  }
  .s4 {
    fill: var(--s4);
  }
  .s3 {
    fill: var(--s3);
  }
  .s2 {
    fill: var(--s2);
  }
  .s1 {
    fill: var(--s1);
  }
  .s0 {
    fill: var(--s0);
  }
  .p5 {
    fill: url('#hatched-5');
  }
  .p4 {
    fill: url('#hatched-4');
  }
  .p3 {
    fill: url('#hatched-3');
  }
  .p2 {
    fill: url('#hatched-2');
  }
  .p1 {
    fill: url('#hatched-1');
  }
  .p0 {
    fill: url('#hatched-0');
  }
  .faint {
    opacity: 0.3;
  }
  .accent {
    fill: var(--accent);
  }
  .rest {
    fill: var(--rest);
  }

  .controls,
  .pager {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1rem;
    align-items: end;
  }
  .controls[hidden],
  .pager[hidden] {
    display: none;
  }
  .controls {
    margin-bottom: 1rem;
  }
  .controls p {
    margin: 0;
  }
  .controls p:first-child {
    flex: 1 1 16rem;
  }
  label,
  .label {
    display: block;
    margin-bottom: 0.125rem;
    color: var(--soft);
    font-size: 0.875rem;
  }
  input,
  select,
  button {
    min-height: 2.5rem;
    padding: 0.25rem 0.75rem;
    background: var(--surface);
    color: inherit;
    border: 1px solid var(--soft);
    border-radius: 0.375rem;
    font: inherit;
  }
  input {
    width: 100%;
  }
  button {
    cursor: pointer;
  }
  button[aria-disabled='true'] {
    color: var(--soft);
    border-color: var(--line);
    cursor: default;
  }
  .pager {
    align-items: center;
    margin-top: 1rem;
    gap: 0.5rem;
  }
  .pager p {
    margin: 0 0.5rem;
    flex: 0 1 auto;
    min-width: 11rem;
    text-align: center;
  }
  .host-table th button {
    min-height: 2rem;
    width: 100%;
    padding: 0;
    background: none;
    border: 0;
    text-align: inherit;
    font-size: inherit;
    font-weight: inherit;
    white-space: nowrap;
  }
  .host-table th button:hover {
    text-decoration: underline;
  }
  th[aria-sort] {
    color: var(--text);
  }
  th[aria-sort='ascending'] button::after {
    content: ' \2191';
    content: ' \2191' / '';
  }
  th[aria-sort='descending'] button::after {
    content: ' \2193';
    content: ' \2193' / '';
  }
  .host-table tbody td {
    font-size: 0.9375rem;
  }
  .host-table tbody tr:hover > * {
    background: var(--ground);
  }
  .host-table tbody th {
    font-weight: 600;
  }

  /* Paper is narrower than that, and has its tables all the same. */
  @media screen and (max-width: 46rem) {
    header,
    main,
    footer {
      padding-left: 0.75rem;
      padding-right: 0.75rem;
    }
    main section {
      padding: 0.875rem;
    }
    .pair {
      grid-template-columns: 1fr;
      gap: 1.25rem;
    }
    .bars thead .number {
      width: 4.75rem;
    }
    .bars thead th:first-child {
      width: 7rem;
    }
    .bars.long,
    .bars.long thead,
    .bars.long tbody,
    .bars.long caption,
    .host-table,
    .host-table thead,
    .host-table tbody,
    .host-table caption {
      display: block;
    }
    .bars.long tr,
    .host-table tr {
      display: flex;
      flex-wrap: wrap;
      padding: 0.5rem 0;
      border-top: 1px solid var(--line);
    }
    .bars.long thead tr,
    .host-table thead tr {
      border: 0;
      padding: 0;
    }
    .bars.long tr > *,
    .host-table tr > * {
      padding: 0 0.25rem 0 0;
      border: 0;
    }
    .bars.long tbody th {
      flex: 1 0 100%;
    }
    .bars.long tr > .bar-cell {
      flex: 1;
      align-self: center;
    }
    .bars.long tr > .number {
      flex: 0 0 4.75rem;
    }
    .bars.long thead th:first-child {
      width: auto;
    }
    .host-table tr {
      display: grid;
      grid-template-columns: repeat(5, 1fr) 1.75fr 1fr;
    }
    .host-table tr > .address,
    .host-table tr > .text {
      grid-column: 1 / -1;
    }
    .host-table thead tr > .address,
    .host-table thead tr > .text {
      grid-column: span 2;
    }
    .host-table thead tr > .text + .text {
      grid-column: span 3;
    }
    .host-table thead tr > .text + .text + .text {
      grid-column: 1 / -1;
    }
    .host-table tr > .count {
      text-align: left;
      white-space: nowrap;
    }
    .host-table td.count::before {
      content: attr(data-label) ' ';
      content: attr(data-label) ' ' / '';
      color: var(--soft);
      font-size: 0.75rem;
    }
    .host-table td[data-severity]::before {
      content: attr(data-label);
      content: attr(data-label) / '';
      display: inline-block;
      margin-right: 0.25rem;
      min-width: 1.5em;
      border-radius: 0.25rem;
      text-align: center;
      font-weight: 700;
      line-height: 1.5;
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
    .host-table td[data-severity='5']::before {
      background: var(--s5);
      color: var(--on5);
    }
    .host-table td[data-severity='4']::before {
      background: var(--s4);
      color: var(--on4);
    }
    .host-table td[data-severity='3']::before {
      background: var(--s3);
      color: var(--on3);
    }
    .host-table td[data-severity='2']::before {
      background: var(--s2);
      color: var(--on2);
    }
    .host-table td[data-severity='1']::before {
      background: var(--s1);
      color: var(--on1);
    }
    .host-table .text:has(bdi:empty) {
      display: none;
    }
    .pager p {
      order: -1;
      flex: 1 0 100%;
    }
  }

  @media print {
    :root {
      --ground: #fff;
    }
    body {
      font-size: 10pt;
    }
    header,
    main,
    footer {
      max-width: none;
      padding: 0;
    }
    .controls,
    .pager,
    .skip,
    .host-table th button::after {
      display: none;
    }
    .verdict,
    svg {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
    .host-table th,
    .host-table tbody td,
    .bars th,
    .bars td {
      padding: 0.125rem 0.25rem;
      font-size: 8pt;
    }
    .host-table .address {
      white-space: nowrap;
    }
    tr,
    .tiles,
    .verdict {
      break-inside: avoid;
    }
    h2,
    h3,
    caption {
      break-after: avoid;
    }
  }
`;
