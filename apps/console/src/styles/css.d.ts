/** A style sheet is imported for the bundler, which puts it beside the script. */
declare module '*.css';
