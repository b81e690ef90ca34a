import type { ErrorType } from '../stages.ts';

/** Error types by the line with the reason; the first that fits. */
export const byMessage: readonly (readonly [RegExp, ErrorType])[] = [
  [
    /heap out of memory|\bMemoryError\b|OutOfMemoryError|Cannot allocate memory|OOMKilled|signal: killed/,
    'out_of_memory',
  ],
  [
    /connection to server at |\bOperationalError\b.*\b(?:connect|connection|timeout)|P1001\b|(?:ECONNREFUSED|refused).*:(?:5432|3306|6379|27017)\b|too many (?:clients|connections)|the database system is (?:starting up|shutting down)/i,
    'database_connection_error',
  ],
  [
    /no space left on device|too ?many ?requests|\brate limit|Resource is limited|quota exceeded|shutdown signal|lost communication with the server|state lock|Cannot connect to the Docker daemon|\b50[234] (?:Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
    'infrastructure',
  ],
  [
    /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b|could not resolve host|name resolution|no such host|connection (?:refused|reset)|connection to the server .* was refused|failed to connect(?! to bus)|couldn't connect|max retries exceeded|network is unreachable|i\/o timeout|TLS handshake|curl: \((?:5|6|7|28|35|52|56)\)/i,
    'network',
  ],
  [/^curl: \(22\)|requested URL returned error/, 'api_unreachable'],
  [/\btimed out\b|deadline exceeded|progress deadline|TimeoutError/i, 'timeout'],
  [/health ?check failed|never became healthy/i, 'health_check_failed'],
  [
    /No module named|Cannot find (?:module|package)|No matching distribution|Could not find a version|No matching version|\bERESOLVE\b|conflicting dependencies|DO NOT MATCH THE HASHES|package-lock\.json|404 Not Found - GET|Not Found - 404|no matching package named|Could not find artifact|no required module provides/i,
    'dependency',
  ],
];

/** Error types by the rest of the output. */
export const byOutput: readonly (readonly [RegExp, ErrorType])[] = [
  [
    /\balembic[./]|Running upgrade|A migration failed to apply|django[./]db[./]migrations/,
    'migration_failed',
  ],
  [/^note: This error originates from a subprocess|metadata-generation-failed/m, 'dependency'],
  [
    /^(?:FAILED|ERROR) \S+::|^Tests: +.*\d+ failed|^test result: FAILED|^--- FAIL: |Test Files +\d+ failed|^=+ .*\d+ (?:failed|error)|^\d+ failing$|^\d+ (?:specs?|examples?|tests?), [1-9]\d* failures?|^FAILED \((?:failures|errors)=|^not ok \d+/m,
    'test_failed',
  ],
];
