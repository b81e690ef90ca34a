import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { inPieces } from '../../src/backtest/pieces.ts';
import { HttpFailure } from '../../src/lib/http.ts';
import { PrometheusError } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { Dummies } from '../doctor/servers.ts';

const dummies = new Dummies();
afterAll(() => dummies.close());

/** A server that answers with a value at every moment, and times out when it is asked for more moments than it can. */
const server = (limit: number, status = 503, error = 'query timed out in expression evaluation') =>
  dummies.serve(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
      const isRange = request.url?.endsWith('query_range');
      const moments = isRange ? Math.floor((end! - start!) / step!) + 1 : 0;
      const values = Array.from({ length: moments }, (_, i) => [start! + i * step!, '1']);
      const answer =
        moments > limit
          ? { status: 'error', errorType: 'timeout', error }
          : {
              status: 'success',
              data: {
                resultType: 'matrix',
                result: isRange ? [{ metric: { environment: 'production' }, values }] : [],
              },
            };
      response
        .writeHead(moments > limit ? status : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer));
    }),
  );

const backtest = (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [inProject('scripts', 'run.mjs'), 'backtest', ...argv],
      { env: { PATH: process.env.PATH } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
const one = ['--alert', 'DeploymentFailed', '--since', '1d'];

describe('a time in pieces', () => {
  const pieces = async (fails: (moments: number) => Error | undefined, to = 59): Promise<number[]> => {
    const asked: number[] = [];
    const seen: number[] = [];
    await inPieces({ from: 0, to, step: 1 }, async (start, end) => {
      const error = fails(end - start + 1);
      if (error) throw error;
      asked.push(end - start + 1);
      for (let at = start; at <= end; at++) seen.push(at);
    });
    expect(seen).toEqual(Array.from({ length: to + 1 }, (_, i) => i));
    return asked;
  };
  const refused = (message: string, status = 422) => new PrometheusError(message, status);

  it('is asked at once while the server can', async () => {
    expect(await pieces(() => undefined)).toEqual([60]);
  });
  it.each([
    refused('query timed out in expression evaluation', 503),
    refused('query timed out in expression evaluation'),
    refused('exceeded maximum resolution of 11,000 points per timeseries.', 400),
    refused('query processing would load too many samples into memory in query execution'),
    new HttpFailure('timeout', 'Prometheus at a did not answer in time.'),
    refused('Prometheus at a answered 504', 504),
  ])('is halved after %o, and stays so', async (error) => {
    expect(await pieces((moments) => (moments > 16 ? error : undefined))).toEqual([15, 15, 15, 15]);
  });
  it('is not halved for another reason, nor without end', async () => {
    await expect(pieces(() => refused('many-to-many matching not allowed'))).rejects.toThrow('many-to-many');
    await expect(pieces(() => refused('timed out', 503))).rejects.toThrow('timed out');
  });
});

describe('the command', () => {
  it('asks a server for less that times out', async () => {
    const { code, stdout } = await backtest(...one, '--prometheus', await server(500), '--json');
    expect(code).toBe(0);
    const [alert] = JSON.parse(stdout).alerts;
    expect(alert.error).toBeUndefined();
    expect(alert.firings).toHaveLength(1);
    // It is kept for five minutes after the last value.
    expect(alert.firings[0].to - alert.firings[0].since).toBe(86_400 + 300);
  });

  it('fails, and says of which alerts nothing is known, when it could not ask', async () => {
    const { code, stdout, stderr } = await backtest(...one, '--prometheus', await server(0));
    expect(code).toBe(1);
    expect(stdout).toContain('These alerts could not be asked, and are in no number here: DeploymentFailed.');
    expect(stdout).toContain('query timed out in expression evaluation');
    expect(stderr).toContain('No alert could be asked.');
  });

  it('says at once what a comparison cannot be made with', async () => {
    const url = await dummies.answering(500, '{}');
    const { code, stderr } = await backtest(...one, '--prometheus', url, '--compare', 'no-such-ref');
    expect(code).toBe(1);
    expect(stderr.split('\n')[0]).toBe('git does not know the commit "no-such-ref".');
  });

  it('is clear about a server that is something else, and an alert that is not there', async () => {
    const other = await backtest(
      ...one,
      '--prometheus',
      await dummies.answering(200, '{"status":"success","data":{}}'),
    );
    expect(other.stderr).toMatch(
      /^Prometheus at \S+ answered POST \/api\/v1\/query with something else than the result of a query\. Check PROMETHEUS_URL and its path prefix\.\n$/,
    );
    const misspelt = await backtest('--alert', 'DeploymentFaild', '--prometheus', 'http://127.0.0.1:1');
    expect(misspelt.stderr).toBe('There is no alert "DeploymentFaild".\n  Is DeploymentFailed meant?\n');
    expect([other.code, misspelt.code]).toEqual([1, 1]);
  });
});
