/**
 * Which line of a failed command's output says why: shapes of lines, with a rank. Written from what tools print; one
 * more tool is one more line here. A line takes the first shape that fits, and the highest rank wins.
 */

/** A kind of line. */
export interface Shape {
  readonly line: RegExp;
  /** See {@link ranks}. */
  readonly rank: number;
  /** Of several lines of this shape, which one says why: compilers name the cause first, stack traces last. */
  readonly pick?: 'first' | 'last';
  /** The message is another line: the next one, or this and the next one, or the heading above and this. */
  readonly join?: 'next' | 'with-next' | 'with-heading';
}

/** Meaning of the ranks. */
export const ranks = {
  /** Says nothing of the cause. */
  noise: 0,
  /** Says that something failed which ran inside. */
  wrapper: 1,
  /** Any other text. */
  plain: 2,
  /** A sentence with a word of failure in it. */
  complaint: 3,
  /** The same with the name of the tool in front. */
  named: 3.5,
  /** Announced as an error, by a tool that is not known. */
  error: 4,
  /** The line of a known tool that says why. */
  cause: 5,
} as const;

const { noise, wrapper, complaint, named, error, cause } = ranks;

/** Prefixes of tools, taken off a line before the shape is looked for. */
export const prefixes: readonly RegExp[] = [
  // timestamps of logs
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\s+/,
  // docker build: step and seconds
  /^#\d+ (?:\d+\.\d+ )?/,
  /^\d+\.\d{1,3} (?=\S)/,
  // terraform's frame
  /^[│╷╵]\s?/,
  // maven
  /^(?:\[(?:ERROR|FATAL)\] ?)+(?=\S)/,
];

/** Noise that is told by the line alone. */
const noiseLines: readonly RegExp[] = [
  // Lines of a recorder within the command.
  /^(?:Recorded: |Sent \d+ earlier |::warning title=Deployment recorder::)/,
  /^(?:::|##\[)(?:group|endgroup|debug|notice|warning|add-mask|set-output)/,
  /^[\s\W_]*$/,
  /^Node\.js v\d/,
  /^\(Background on this error at: /,
  /^\s+at (?:.+ \(.+\)|\S+:\d+)/,
  /^\s*\.\.\. \d+ more$/,
  /^> \S+@\S+ \S+$/,
  /^npm (?:error|ERR!)(?:\s*| (?:code|errno|syscall|path|dest|cwd|workspace|location|command|signal|node_modules\S*|\s+at)\b.*| \d+ *)$/,
  /^npm (?:error|ERR!) (?:A complete log of|For a full report|\/\S+-(?:debug|report)|While resolving:|Found:)/,
  /^npm (?:error|ERR!) (?:Lifecycle script|This is probably not a problem with npm|Exit status|Failed at the)/,
  /^npm (?:notice|warn|WARN|info)/,
  /^(?:hint|note|help|info|warning|warn|debug|usage)\b\s*[:[]/i,
  /^\[(?:INFO|WARN(?:ING)?|DEBUG)\]/i,
  /^(?:INFO|DEBUG|WARNING)\b/,
  /^ERROR: ResolutionImpossible: for help visit/,
  /^For more information about this error, try|^Some errors have detailed explanations/,
  /^Oops! Something went wrong/,
  /^make(?:\[\d+\])?: (?:Entering|Leaving) directory/,
  /^To see the full stack trace|^Re-run Maven using|\[Help 1\](?:$| http)|^For more information about the errors/,
  /^(?:FAIL|ok|PASS)(?:\s+\S+\s+[\d.]+m?s)?$/,
  /^(?:Test Suites|Tests|Snapshots|Time|Test Files|Start at|Duration|Ran all test suites)\b/,
  /^(?:test result|failures)\b/,
  /^[-=_!✖✗×⎯\s]*\d+ (?:problems?|errors?|failed|passed|warnings?)\b/,
  /\bfound \d+ (?:errors?|warnings?|problems?|issues?)\b/i,
  /^\d+ errors?$/,
  // counts: "Low: 3", "2 specs, 1 failure"
  /^[A-Za-z][\w ()#,-]*: \d+$/,
  /^\d+ (?:specs?|tests?|examples?|assertions?|suites?|runs?|checks?)\b.*\b(?:failures?|failed|errors?)\b/,
  /^[ⓘℹ]/,
  /^=+ \[.*\] FAIL$/,
  /^\[(?:ERROR|FATAL)\]$/,
  /^errors?: (?:\[|\d)/,
  /^(?:\[error\] )?\s*>?\s*\d*\s*\|(?:\s|$)/,
  /^(?:Try|See|Run|Read|Learn|Visit) [\w'"`h]/,
  /^(?:stack backtrace|Stack trace|Traceback|Require stack|Caused by)\b.*:$/,
];

/** A wrapper: only that what it ran ended badly. */
const wrappers: readonly RegExp[] = [
  /\b(?:exit(?:ed)?|returned|status|code)\b(?: with)?(?: non-zero)?(?: exit)?(?: status| code)?[:=]?\s*\(?\d+\)?[.!]?$/i,
  /^make(?:\[\d+\])?: \*\*\* \[.*\] Error \d+/,
  /^error: (?:could not compile|test failed|aborting due to)/,
  /^error: (?:metadata-generation-failed|subprocess-exited-with-error)/,
  /^ERROR: (?:failed to solve: process|Failed building wheel|Could not build wheels)/,
  /^Error: (?:Command failed|P\d{4}$)/,
  /\bdid not complete successfully\b/,
  /^Failed to execute goal\b/,
  /\bnot recoverable: exiting now/,
  /^Error occurred when\b/,
  /\bcompiled with \d+ errors?\b/,
  /^-- Configuring incomplete/,
  /^(?:\S+ > |[✖✗✘×] )?(?:Build|Job|Deploy(?:ment)?|Compilation|Lint(?:ing)?|Tests?|Session|Task|Step|Stage|Workflow)\b[\w ]*\bfailed\b(?: in [\d.]+ ?m?s)?[.!]*$/i,
  /^[✖✗✘×] Some errors\b/,
  /^Failed to compile\.?$/i,
];

/** The lines after it say more. */
const heading = /:$/;

/** Words of failure. */
const complaints =
  /\b(?:errors?|fail(?:ed|ure|s)?|fatal|cannot|can't|couldn't|could not|unable to|denied|refused|rejected|not found|no such|not valid|invalid|missing|unbound|undefined|unknown|undeclared|unexpected|timed out|never became|limited|does not exist|already exists|not exist)\b/i;

const exception =
  /^(?:Exception in thread "[^"]*" |Caused by: |Uncaught |Unhandled rejection |\[!\] )?(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Failure|Interrupt|Timeout)(?: \[[\w]+\])?: \S/;

/** Known shapes, the particular before the general. */
export const shapes: readonly Shape[] = [
  ...noiseLines.map((line): Shape => ({ line, rank: noise })),
  // GitHub's own
  { line: /^(?:::error\b[^:]*::|##\[error\])(?!Process completed)/, rank: cause, pick: 'last' },
  // the recorder's own health check, as a command
  { line: /^Health check \d+ of \d+: unhealthy/, rank: cause, pick: 'last' },
  // out of memory, wherever
  { line: /heap out of memory|OutOfMemoryError|Cannot allocate memory|OOMKilled/, rank: cause },
  // pytest
  { line: /^(?:FAILED|ERROR) \S+(?:::\S+)+.* - \S/, rank: cause, pick: 'first' },
  { line: /^E {2,}(?:[\w.]+(?:Error|Exception)|Failed): \S/, rank: cause, pick: 'last' },
  { line: /^E {2,}assert\b/, rank: error, pick: 'first' },
  // jest, then vitest
  { line: /^● Test suite failed to run$/, rank: cause, pick: 'first', join: 'next' },
  { line: /^● (?!Console)\S.+$/, rank: cause, pick: 'first', join: 'with-next' },
  { line: /^FAIL {2}\S.*(?: > .+|\[ .+ \])$/, rank: cause, pick: 'first', join: 'with-next' },
  // compilers: file, line, error
  { line: /^\S+[:(]\d+(?:[:,]\d+)?\)?(?::| -) (?:fatal )?error\b/i, rank: cause, pick: 'first' },
  { line: /^\S+\.(?:go|java|kt|scala):\[?\d+[:,]\d+\]?:? \S/, rank: cause, pick: 'first' },
  { line: /^error(?: TS\d+|\[E\d+\]): \S/, rank: cause, pick: 'first' },
  {
    line: /^error: (?:no matching package|failed to|linking with|cannot find|expected) /,
    rank: cause,
    pick: 'first',
  },
  // eslint, with the file above
  { line: /^\d+:\d+ +error +\S/, rank: cause, pick: 'first', join: 'with-heading' },
  // go test, panics of Go and Rust
  { line: /^\S+_test\.go:\d+: \S/, rank: cause, pick: 'first' },
  { line: /^thread '.*' (?:\(\d+\) )?panicked at .+:$/, rank: cause, pick: 'first', join: 'next' },
  { line: /^panic: |^thread '.*' panicked at '/, rank: cause, pick: 'first' },
  // build tools
  { line: /^make(?:\[\d+\])?: \*\*\* (?!\[)|^\S*[Mm]akefile\S*:\d+: \*\*\*/, rank: cause },
  { line: /^curl: \(\d+\) /, rank: cause, pick: 'last' },
  { line: /\bundefined reference to\b/, rank: cause, pick: 'first' },
  { line: /^CMake Error\b|^ERROR in \S/, rank: cause, pick: 'first', join: 'with-next' },
  { line: /^\[(?:ERROR\]:|error\]) \S/, rank: cause, pick: 'first' },
  // assertions, as libraries of expectations say them
  { line: /^Expected .+ to (?:be|equal|have|match|contain|include|throw)\b/, rank: cause, pick: 'first' },
  // a caret under the place, and what is wrong there
  { line: /^\^+[~^]* +\S.{8}/, rank: error, pick: 'first' },
  // codes of package managers and others: ERR_PNPM_FETCH_404
  { line: /^ERR_[A-Z0-9_]+\b:?\s+\S/, rank: cause, pick: 'first' },
  ...wrappers.map((line): Shape => ({ line, rank: wrapper })),
  { line: /^npm (?:error|ERR!) \S/, rank: cause, pick: 'first' },
  {
    line: /^ERROR: (?:Could not find a version|No matching distribution|Cannot install|Invalid requirement)/,
    rank: cause,
  },
  { line: new RegExp(`${exception.source}.*:$`), rank: cause, pick: 'last', join: 'with-next' },
  { line: heading, rank: wrapper },
  { line: exception, rank: cause, pick: 'last' },
  // anything that calls itself an error
  { line: /^Error from server\b/, rank: error },
  {
    line: /^(?:[\w./-]+: |\w+ )?\[?(?:error|fatal|failed|failure|critical|panic)\b\]?\s*(?:\[[\w.]+\]|\(\w+\))?\s*[:!]\s*\S/i,
    rank: error,
  },
  // a mark of failure, or a finding announced as one
  { line: /^[✖✗✘×] +\S|^>> Issue: /, rank: error, pick: 'first' },
  // a complaint with the name of the tool that makes it
  { line: new RegExp(`^[a-z][\\w.-]+: .*${complaints.source}`, 'i'), rank: named },
  { line: complaints, rank: complaint },
];
