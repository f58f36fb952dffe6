/** Entry point of the page. */
import '@picocss/pico/css/pico.jade.min.css';
import 'uplot/dist/uPlot.min.css';
import './page.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { resume } from './log-in.ts';

const place = document.getElementById('page');
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
  await resume();
}
