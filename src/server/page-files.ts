/**
 * The page as files: one document, one script, one style sheet, made of src/web by esbuild when the first
 * browser asks (a tenth of a second), and kept in memory, packed. Their names hold their hash, so browsers
 * keep them for ever. Nothing is read from a path that a request names.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { checkout } from '../host/checkout.ts';
import { gzip } from '../host/gzip.ts';
import { sha256 } from '../host/sha256.ts';

export interface PageFile {
  readonly type: string;
  readonly plain: Uint8Array;
  readonly packed: Uint8Array;
  readonly isForEver: boolean;
}

export type PageFiles = ReadonlyMap<string, PageFile>;

const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** By their path: `/`, `/assets/….js`, `/assets/….css`. */
export async function pageFiles(): Promise<Result<PageFiles>> {
  const built = await build();
  if (!built.ok) return built;
  const files = new Map<string, PageFile>();
  const paths = { js: '', css: '' };
  for (const kind of ['js', 'css'] as const) {
    paths[kind] = `/assets/${sha256(built.value[kind]).slice(0, 16)}.${kind}`;
    files.set(paths[kind], file(types[kind], built.value[kind], true));
  }
  const icon = '/assets/icon.svg';
  files.set(icon, file('image/svg+xml', drawing, false));
  files.set('/', file('text/html; charset=utf-8', html(paths, icon), false));
  return ok(files);
}

function file(type: string, content: Uint8Array | string, isForEver: boolean): PageFile {
  return { type, plain: Buffer.from(content), packed: gzip(content), isForEver };
}

async function build(): Promise<Result<Readonly<Record<'js' | 'css', Uint8Array>>>> {
  // Loaded when it is needed: the agent has better uses for its memory.
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [`${checkout}/src/web/main.tsx`],
      bundle: true,
      minify: true,
      write: false,
      outdir: '/',
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      legalComments: 'none',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const find = (ending: string): Uint8Array =>
      outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? new Uint8Array();
    return ok({ js: find('.js'), css: find('.css') });
  } catch (error) {
    return fail(
      'unavailable',
      `cannot make the page: esbuild says: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'nothing'}`,
    );
  } finally {
    // Its process ends; the next build, if there is one, starts it again.
    await esbuild.stop();
  }
}

function html({ js, css }: Readonly<Record<'js' | 'css', string>>, icon: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Portreeve</title>
<link rel="icon" href="${icon}" type="image/svg+xml">
<link rel="stylesheet" href="${css}">
<script type="module" src="${js}"></script>
</head>
<body>
<div id="page"><main class="container"><p>Portreeve needs JavaScript for its page. Without it, use <code>portreeve status</code>.</p></main></div>
</body>
</html>
`;
}

/** A key over a gate. */
const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0f766e" d="M4 30V14a12 12 0 0 1 24 0v16h-5V14a7 7 0 0 0-14 0v16z"/><circle cx="16" cy="16" r="3.5" fill="#0f766e"/><path fill="#0f766e" d="M14.7 18h2.6v12h-2.6z"/></svg>';
