import { type Redact, redactor } from '../lib/redact.ts';

/** Words that make a variable's name a secret's, as parts between underscores or as the end of a part. */
const secretWords = new Set([
  'AUTH',
  'AUTHORIZATION',
  'BEARER',
  'COOKIE',
  'CREDENTIAL',
  'CREDENTIALS',
  'DSN',
  'JWT',
  'KEY',
  'PASS',
  'PASSPHRASE',
  'PASSWD',
  'PASSWORD',
  'PAT',
  'PWD',
  'SECRET',
  'SECRETS',
  'SIGNATURE',
  'TOKEN',
  'WEBHOOK',
]);
const secretEnding = /(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|APIKEY|CREDENTIALS?)$/;
const harmlessNames = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'SSH_ASKPASS']);
/** Shorter values are hidden as whole words only, and only when they are no words of a language. */
const shortestSecret = 6;
const shortestPassword = 4;

/** True when a variable of this name looks as if it held a secret. */
export function isSecretName(name: string): boolean {
  const upper = name.toUpperCase();
  return (
    !harmlessNames.has(upper) &&
    upper.split('_').some((part) => secretWords.has(part) || secretEnding.test(part))
  );
}

/** Secrets among the values of the environment: whole values, lines of long ones (keys), passwords inside of URLs. */
export function environmentSecrets(env: NodeJS.ProcessEnv): string[] {
  const found: string[] = [];
  for (const [name, value = ''] of Object.entries(env)) {
    if (isSecretName(name)) found.push(value, ...value.split('\n').map((line) => line.trim()));
    for (const [, password = ''] of value.matchAll(/:\/\/[^\s:/@]*:([^\s@]+)@/g))
      found.push(password, decoded(password));
    found.push(...basicCredentials(name, value, env));
  }
  const whole = [...new Set(found)].filter(
    (secret) => secret.length >= shortestSecret && !/^(true|false|https?:\/\/[^@]*)$/.test(secret),
  );
  return [...whole, ...whole.flatMap(withinBase64)];
}

/** How a secret looks within the base64 of a longer text, which may begin at any third byte. */
function withinBase64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < 8) return [];
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Characters that share bits with what stands before or after say something else there.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** Short values of variables whose names look secret. Letters alone, or digits alone, would hide half of every text. */
const shortPasswords = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env).flatMap(([name, value]) => {
    const short = value?.trim() ?? '';
    const usable = short.length >= shortestPassword && short.length < shortestSecret;
    return usable && isSecretName(name) && !/^(?:[A-Za-z]+|\d+)$/.test(short) ? [short] : [];
  });

/** Values that a command told GitHub's runner to hide: the runner does so in its own log only. */
export const maskedValues = (output: string): string[] =>
  [...output.matchAll(/^::add-mask::(.+)$/gm)]
    .map(([, value]) => value!.trim())
    .filter((value) => value.length >= 4);

/** Form of a user name and password in a header, which an echo of the header shows. */
function basicCredentials(name: string, user: string, env: NodeJS.ProcessEnv): string[] {
  const password = name.endsWith('_USERNAME') ? env[name.replace(/USERNAME$/, 'PASSWORD')] : undefined;
  return password ? [Buffer.from(`${user.trim()}:${password.trim()}`).toString('base64')] : [];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const secretKey =
  '(?:token|secret|password|passwd|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credentials?|cookie|signature|session[_-]?id|dsn|auth(?!or))';
/** A value as it stands after a name: quoted, also within quoted JSON, or a word. */
const quoted = '\\\\*"(?:[^"\\\\]|\\\\(?!"))*(?:\\\\*")?|\'[^\']*\'?';

/** Beginnings of tokens, by whose services they are given out. */
const beginnings = [
  'gh[pousr]_|github_pat_', // GitHub
  'gl(?:pat|rt|dt|cbt|ptt|soat|agent|oas|imt|ft)-', // GitLab
  'gls[ac]_|glc_', // Grafana
  'npm_|pypi-|rubygems_|dckr_[po]at_|CLOJARS_', // registries
  'hf_|r8_|gsk_|pplx-|xai-', // language models
  'do[opr]_v1_|fo1_|fm[12]_|tskey-|HRKU-|pul-|pscale_\\w+_|rnd_', // hosting
  'sbp_|sb_secret_|vc[pkir]_|ntn_|lin_(?:api|oauth)_|figd_|PMAK-|NRAK-|sntry[su]_|dt0c01\\.|dapi', // tools
  'hv[sbr]\\.|dp\\.(?:st|pt|ct|sa|scim|audit)\\.|ops_eyJ|AGE-SECRET-KEY-1|ATATT3x|ATCTT3x|AKCp', // vaults
  'shp(?:at|ca|pa|ss)_|whsec_|sq0(?:atp|csp)-|xkeysib-|shippo_live_|tfp_|EZ[AT]K|fio-u-|duffel_(?:live|test)_', // shops, mail
];

/** Shapes of tokens that are secrets wherever they stand, and of places where secrets stand. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // user:password@ and token@ of a URL
  [/:\/\/[^\s/@]*:[^\s]*@|:\/\/[^\s/@]+@/g, '://***@'],
  // Signed and keyed addresses
  [/([?&](?:sig|key|code|auth|jwt|assertion|x-amz-(?:credential|security-token))=)[^\s&#"']+/gi, '$1***'],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*).*/gi, '$1***'],
  // "Basic authentication" is no secret: a token has a digit, a sign, or a capital letter within it.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?=[\w.~+/=-]*(?:[\d=+/_]|[a-z][A-Z]))[\w.~+/=-]{6,}/g,
    '$1$2***',
  ],
  [/\b(bearer)(\s+)[\w.~+/=-]{20,}/gi, '$1$2***'],
  // Not auth.ts:12:3, which is a place in a file.
  [
    new RegExp(
      `([\\w.-]{0,40}${secretKey}[\\w.-]{0,40}\\\\*["']?\\s*[=:]\\s*)(?!\\d+[:,])(${quoted}|[^\\s,;&"']+)`,
      'gi',
    ),
    '$1***',
  ],
  [new RegExp(`(--?[\\w-]{0,40}${secretKey}[\\w-]{0,40}\\s+)(${quoted}|[^\\s"'-][^\\s"']*)`, 'gi'), '$1***'],
  // Kubernetes calls its secrets by name: only values with a digit are taken for one.
  [/(\b(?:secret|credentials?)\s+)(["'`])(?=[^"'`]*\d)[^"'`]{6,}\2/gi, '$1$2***$2'],
  // The token "…" is not valid; not JavaScript's unexpected token ';'.
  [
    /((?<!unexpected )\b(?:token|passw(?:or)?d|passphrase|api ?key)\s*:?\s+)(["'`])[^"'`]{4,}\2/gi,
    '$1$2***$2',
  ],
  [
    /(\b(?:token|secret|passw(?:or)?d|api ?key|credentials?)\b(?:\s+(?:is|was|of|for|with))?\W{1,3})[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi,
    '$1***',
  ],
  // curl -u user:password, but not docker run -u 1000:1000
  [/(\s(?:-u\s*|--(?:proxy-)?user[ =])["']?)(?!\d+:\d+\b)[^\s:"']+:[^\s"']+/g, '$1***'],
  [/(\b(?:mysql\w*|mariadb\w*|mongo\w*)\b[^|;\n]{0,200}?\s-p)[^\s:-]\S*/g, '$1***'],
  [/(\b(?:sshpass|redis-cli)\b[^|;\n]{0,200}?\s-[pa]\s*)[^\s-]\S*/g, '$1***'],
  [/(\bPGPASSWORD=)\S+/g, '$1***'],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g, '***'],
  [new RegExp(`\\b(?:${beginnings.join('|')})(?=[\\w.-]*\\d)[\\w.-]{10,}`, 'g'), '***'],
  [/\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|or)?[-_]?[\w-]{16,}/g, '***'],
  [/\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}/g, '***'],
  [/\bhooks\.slack\.com\/[\w/]+|\bdiscord(?:app)?\.com\/api\/webhooks\/[\w/-]+/g, '***'],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b/g, '***'],
  [/\bAIza[\w-]{30,}|\bya29\.[\w.-]{10,}|\bGOCSPX-[\w-]{20,}/g, '***'],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}|\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b/g, '***'],
  [/\b\d{8,10}:AA[\w-]{32,}|\b[\w-]{14}\.atlasv1\.[\w-]{20,}/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, '***'],
];

/** Replaces short passwords where they stand alone. */
const wholeWords = (passwords: readonly string[]): Redact => {
  if (passwords.length === 0) return (text) => text;
  const escaped = passwords.map((password) => password.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const words = new RegExp(`(?<!\\w)(?:${escaped.join('|')})(?!\\w)`, 'g');
  return (text) => text.replace(words, '***');
};

/**
 * A function that takes the secrets out of a text: values of variables whose names look secret, tokens of known
 * shape, credentials in URLs and headers, and values named as secrets (`password=…`). It hides too much rather
 * than too little, because the text ends up as a label that every reader of the dashboards sees.
 * @param more further values that are known to be secret
 */
export function secretRemover(env: NodeJS.ProcessEnv, more: readonly string[] = []): Redact {
  const known = redactor([...environmentSecrets(env), ...more]);
  const short = wholeWords(shortPasswords(env));
  return (text) =>
    shapes.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), short(known(text)));
}
