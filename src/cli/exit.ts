/** Exit codes of the command line, as its help states them. */
export const EXIT_OK = 0;
/** `check`: a finding at error level. `fix`: refused. `bench`: different or not verified. */
export const EXIT_FOUND = 1;
/** Wrong usage or unreadable input. */
export const EXIT_USAGE = 2;
