/** Replaces secrets in a text that a person or a log will see. */
export type Redact = (text: string) => string;

/** The forms in which a secret can come back: as it is, percent-encoded, in base64. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
];

/**
 * A function that replaces every given secret with `***`, in whichever form a server echoes it.
 * Values shorter than four characters are left: replacing them would garble everything and hide nothing.
 */
export function redactor(secrets: readonly (string | undefined)[]): Redact {
  const forms = secrets
    // A header is sent without the line break that a variable ends with, and comes back without it.
    .flatMap((s) => (s === undefined ? [] : [s, s.trim()]))
    .filter((s) => s.length >= 4)
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '***'), text);
}

/** Tokens by the beginning that their issuers give them, and other long words of letters and digits without meaning. */
const looksSecret = (text: string): boolean =>
  /^(glsa|glc|gh[opsu]|github_pat|sk|xox[abp])[_-]/.test(text) ||
  (/^[\w+=-]{20,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text));

/** A word of a command line as it may be shown: a token that was given as an argument is not repeated. */
export const shownArgument = (text: string): string =>
  looksSecret(text)
    ? `${text.slice(0, 4)}… (not shown: it looks like a secret, which only the environment may hold)`
    : text;
