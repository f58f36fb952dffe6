/** One of the three answers, with its evidence. */
import type { JSX } from 'preact';
import type { Verdict } from '../../server/api/overview.ts';
import { Text } from './text.tsx';

const marks: Readonly<Record<Verdict['state'], string>> = { good: '✓', warning: '!', bad: '✕', unknown: '?' };

export interface CardProps {
  readonly title: string;
  readonly verdict: Verdict;
  readonly href: string;
}

export function Card({ title, verdict: { state, answer, evidence }, href }: CardProps): JSX.Element {
  return (
    <article class={`card ${state}`}>
      <header>
        <span class="mark" aria-hidden="true">
          {marks[state]}
        </span>
        <h2>
          <a href={href}>{title}</a>
        </h2>
      </header>
      <p class="answer">
        <span class="state">{state}: </span>
        <Text of={answer.charAt(0).toUpperCase() + answer.slice(1)} />
      </p>
      <ul>
        {evidence.map((line, place) => (
          <li key={place}>
            <Text of={line} />
          </li>
        ))}
      </ul>
    </article>
  );
}
