import { config } from 'zod';

declare global {
  interface Window {
    __grafana_public_path__?: string;
  }
}

// Grafana's packages check their themes with zod while they load. It would compile its checks with eval, which the
// page forbids; and icons and fonts are asked for below this path.
config({ jitless: true });
window.__grafana_public_path__ = '/public/';
