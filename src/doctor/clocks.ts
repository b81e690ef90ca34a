import { ageText, type Finding, findingsAt, type Severity, type Step } from './model.ts';

const title = 'Clocks';

/** Facts are written by the minute and headers have whole seconds, so that a few seconds cannot be told from none. */
const noticeable = 10;
/** From here on deployments fall out of the windows in which they are looked for. */
const harmful = 60;

/** Seconds by which each server is ahead of this machine; undefined when it was not asked, or does not say its time. */
export interface Clocks {
  readonly gateway: number | undefined;
  readonly prometheus: number | undefined;
}

const differs = (seconds: number | undefined): seconds is number =>
  seconds !== undefined && Math.abs(seconds) >= noticeable;
const gravity = (seconds: number): Severity => (Math.abs(seconds) < harmful ? 'warning' : 'error');
const words = (seconds: number): string =>
  `${ageText(Math.abs(seconds))} ${seconds > 0 ? 'ahead of' : 'behind'}`;

function fromThisMachine(server: string, ahead: number | undefined): Finding[] {
  if (!differs(ahead)) return [];
  return [
    findingsAt(server)(
      gravity(ahead),
      'clock-skew',
      `Its clock is ${words(ahead)} that of this machine.`,
      'Find out which of the two is wrong and synchronise it (NTP): times are pushed as values and compared with the clock of Prometheus.',
    ),
  ];
}

/** Findings about clocks: two servers that agree are right, even against this machine. Pure. */
export function judgeClocks({ gateway, prometheus }: Clocks): Finding[] {
  const own = [...fromThisMachine('Pushgateway', gateway), ...fromThisMachine('Prometheus', prometheus)];
  if (gateway === undefined || prometheus === undefined) return own;
  const apart = gateway - prometheus;
  if (differs(apart))
    return [
      findingsAt('Pushgateway')(
        gravity(apart),
        'clock-skew',
        `Its clock is ${words(apart)} that of Prometheus.`,
        'Synchronise both hosts (NTP): when something was pushed is compared with the clock of Prometheus.',
      ),
    ];
  return own.length === 0
    ? []
    : [
        findingsAt('this machine')(
          'warning',
          'clock-skew',
          `Its clock is ${words(-gateway)} those of the Pushgateway and of Prometheus, which agree.`,
          'Synchronise this machine (NTP) before it records a deployment.',
        ),
      ];
}

const text = (seconds: number | undefined): string =>
  seconds === undefined ? 'unknown' : `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(0)} s`;

/** Do the clocks agree? No step where no server said its time. Those of runners are compared with the gateway's where their pushes are looked at. */
export function examineClocks(clocks: Clocks): Step[] {
  const { gateway, prometheus } = clocks;
  if (gateway === undefined && prometheus === undefined) return [];
  const seen = `against this machine: Pushgateway ${text(gateway)}, Prometheus ${text(prometheus)}`;
  return [{ title, seen, findings: judgeClocks(clocks) }];
}
