import { inject } from 'vitest';
import { withoutServers } from '../src/lib/test-report.ts';

// Before a file's own hooks, which would each fail in their own words. scripts/test.ts counts these files.
if (inject('missingServers') !== '') throw new Error(`${withoutServers} ${inject('missingServers')}`);
