/** Stops the process on Ctrl-C and SIGTERM. */
package io.github.facemask.cli.interruption;
