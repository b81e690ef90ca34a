// Bundled for the browser by the conformance test: Grafana's own functions, to hold ours against.
import { dateMath, dateTime, rangeUtil, renderLegendFormat } from '@grafana/data';

window.grafana = {
  roundInterval: (ms) => rangeUtil.roundInterval(ms),
  parse: (text, now, roundUp) =>
    dateMath.toDateTime(text, { now: dateTime(now), roundUp, timezone: 'utc' })?.valueOf(),
  legend: (format, labels) => renderLegendFormat(format, labels),
  secondsToHms: (seconds) => rangeUtil.secondsToHms(seconds),
};
document.body.dataset.ready = 'yes';
