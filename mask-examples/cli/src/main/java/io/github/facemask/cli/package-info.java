/**
 * The {@code mask} command, one class for each subcommand; start with {@link
 * io.github.facemask.cli.MaskCommand}.
 */
package io.github.facemask.cli;
