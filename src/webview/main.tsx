/** The results panel's entry. */
import { render } from 'preact';
import { App } from './app';
import './panel.css';

render(<App />, document.getElementById('root')!);
