/** Commands that write pages and traces for people. */
package io.github.facemask.cli.report;
