/** Elements that stand on lines of their own. */
export const blocks = new Set(
  (
    'address article aside blockquote body button center dd details div dl dt fieldset figcaption figure footer form h1 h2 ' +
    'h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody td textarea tfoot th thead tr ul'
  ).split(' '),
);
