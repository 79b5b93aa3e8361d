/** The command that classifies photos; start with {@code PredictCommand}. */
package io.github.facemask.cli.predict;
