import { ageText, type Finding, findingsAt } from './model.ts';

/** Facts are written by the minute and headers have whole seconds, so that a few seconds cannot be told from none. */
const noticeable = 10;
/** From here on deployments fall out of the windows in which they are looked for. */
const harmful = 60;

/** What the difference between two clocks means. @param ahead seconds by which the server is ahead of this machine */
export function clockFindings(server: string, ahead: number | undefined): Finding[] {
  if (ahead === undefined || Math.abs(ahead) < noticeable) return [];
  const direction = ahead > 0 ? 'ahead of' : 'behind';
  return [
    findingsAt(server)(
      Math.abs(ahead) < harmful ? 'warning' : 'error',
      'clock-skew',
      `Its clock is ${ageText(Math.abs(ahead))} ${direction} that of this machine.`,
      'Find out which of the two is wrong and synchronise it (NTP): times are pushed as values and compared with the clock of Prometheus.',
    ),
  ];
}
