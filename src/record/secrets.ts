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
/** Shorter values would garble every text, and hide nothing. */
const shortestSecret = 6;

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
  return [...new Set(found)].filter(
    (secret) => secret.length >= shortestSecret && !/^(true|false|https?:\/\/[^@]*)$/.test(secret),
  );
}

/** What a pair of user name and password becomes in a header, which whoever echoes the header shows. */
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

/** Shapes of tokens that are secrets wherever they stand, and of places where secrets stand. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // user:password@ and token@ of a URL
  [/:\/\/[^\s/@]*:[^\s]*@|:\/\/[^\s/@]+@/g, '://***@'],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*).*/gi, '$1***'],
  // "Basic authentication" is no secret: a token has a digit, a sign, or a capital letter within it.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC)(\s+)(?=[\w.~+/=-]*(?:[\d=+/_]|[a-z][A-Z]))[\w.~+/=-]{6,}/g,
    '$1$2***',
  ],
  [/\b(bearer)(\s+)[\w.~+/=-]{20,}/gi, '$1$2***'],
  [
    new RegExp(
      `([\\w.-]{0,40}${secretKey}[\\w.-]{0,40}["']?\\s*[=:]\\s*)("[^"]*"?|'[^']*'?|[^\\s,;&"']+)`,
      'gi',
    ),
    '$1***',
  ],
  [
    new RegExp(`(--?[\\w-]{0,40}${secretKey}[\\w-]{0,40}\\s+)("[^"]*"?|'[^']*'?|[^\\s"'-][^\\s"']*)`, 'gi'),
    '$1***',
  ],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g, '***'],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|glsa_|glc_|npm_|pypi-|hf_|dop_v1_|sbp_|sb_secret_|vcp_|hvs\.|hvb\.|sntrys_|lin_api_|dckr_pat_|whsec_|rubygems_|shpat_|dp\.(?:st|pt)\.)[\w.-]{10,}/g,
    '***',
  ],
  [/\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|or)?[-_]?[\w-]{16,}/g, '***'],
  [/\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}/g, '***'],
  [/\bhooks\.slack\.com\/[\w/]+|\bdiscord(?:app)?\.com\/api\/webhooks\/[\w/-]+/g, '***'],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b/g, '***'],
  [/\bAIza[\w-]{30,}|\bya29\.[\w.-]{10,}/g, '***'],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, '***'],
];

/**
 * A function that takes the secrets out of a text: values of variables whose names look secret, tokens of known
 * shape, credentials in URLs and headers, and values named as secrets (`password=…`). It hides too much rather
 * than too little, because the text ends up as a label that everybody with access to the dashboards can read.
 */
export function secretRemover(env: NodeJS.ProcessEnv): Redact {
  const known = redactor(environmentSecrets(env));
  return (text) =>
    shapes.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), known(text));
}
