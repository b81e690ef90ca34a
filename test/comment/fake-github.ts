import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A GitHub that knows the comments of one pull request, and pages them. */
export interface FakeGitHub {
  readonly url: string;
  readonly comments: { id: number; body: string }[];
  readonly requests: string[];
  stop(): Promise<void>;
}

/** @param refuse status with which every write is refused */
export async function fakeGitHub(
  options: { readonly refuse?: number; readonly comments?: readonly string[] } = {},
): Promise<FakeGitHub> {
  const comments = (options.comments ?? []).map((body, index) => ({ id: index + 1, body }));
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://github');
    requests.push(`${request.method} ${url.pathname}`);
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== 'Bearer secret') return answer(401, { message: 'Bad credentials' });
    if (request.method === 'GET') {
      const [page, size] = [
        Number(url.searchParams.get('page') ?? 1),
        Number(url.searchParams.get('per_page') ?? 30),
      ];
      return answer(200, comments.slice((page - 1) * size, page * size));
    }
    if (options.refuse) return answer(options.refuse, { message: 'Resource not accessible by integration' });
    const { body } = JSON.parse(text) as { body: string };
    if (body.length > 65_536) return answer(422, { message: 'Body is too long' });
    if (request.method === 'POST') {
      comments.push({ id: comments.length + 1, body });
      return answer(201, comments.at(-1));
    }
    const comment = comments.find((c) => c.id === Number(url.pathname.split('/').at(-1)));
    if (!comment) return answer(404, { message: 'Not Found' });
    comment.body = body;
    return answer(200, comment);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    requests,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
