/** The page as a whole: the door, or the way between the five pages and the one that is open. */
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { session } from './client.ts';
import { isLive, listen } from './live.ts';
import { logOut } from './log-in.ts';
import { EncryptionPage } from './pages/encryption.tsx';
import { GuardPage } from './pages/guard.tsx';
import { HistoryPage } from './pages/history.tsx';
import { LoginPage } from './pages/login.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { TimelinePage } from './pages/timeline.tsx';
import { type PageName, pageNames, type PageRoute, readRoute, routeTo } from './route.ts';

const titles: Readonly<Record<PageName, string>> = {
  overview: 'Overview',
  encryption: 'Encryption',
  guard: 'Guard',
  history: 'History',
  timeline: 'Timeline',
};

export function App(): JSX.Element {
  if (session.value === null)
    return (
      <main class="container">
        <p aria-busy="true">Looking…</p>
      </main>
    );
  return session.value === undefined ? <LoginPage /> : <Inside />;
}

function Inside(): JSX.Element {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const turn = (): void => {
      setRoute(readRoute(location.hash));
    };
    addEventListener('hashchange', turn);
    return () => {
      removeEventListener('hashchange', turn);
    };
  }, []);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${titles[route.page]} – Portreeve`;
    // A screen reader and a keyboard go on where the new page begins.
    if (!isFirst.current) main.current?.querySelector('h1')?.focus();
    isFirst.current = false;
  }, [route]);
  useSignalEffect(() => (session.value ? listen() : undefined));
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.querySelector('h1')?.focus();
        }}
      >
        To the content
      </a>
      <header class="container top">
        <nav aria-label="Pages">
          <ul>
            <li class="brand" aria-hidden="true">
              Portreeve
            </li>
            {pageNames.map((name) => (
              <li key={name}>
                <a href={routeTo(name)} {...(name === route.page ? { 'aria-current': 'page' as const } : {})}>
                  {titles[name]}
                </a>
              </li>
            ))}
          </ul>
          <ul>
            <li>
              <span class={isLive.value ? 'live' : 'live off'} role="status">
                {isLive.value ? 'live' : 'not live'}
              </span>
            </li>
            <li>
              <button type="button" class="plain" onClick={() => void logOut()}>
                Log out
              </button>
            </li>
          </ul>
        </nav>
      </header>
      <main class="container" id="main" ref={main}>
        <Page route={route} />
      </main>
    </>
  );
}

function Page({ route: { page, rest } }: { readonly route: PageRoute }): JSX.Element {
  switch (page) {
    case 'encryption':
      return <EncryptionPage />;
    case 'guard':
      return <GuardPage rest={rest} />;
    case 'history':
      return <HistoryPage rest={rest} />;
    case 'timeline':
      return <TimelinePage />;
    default:
      return <OverviewPage />;
  }
}
