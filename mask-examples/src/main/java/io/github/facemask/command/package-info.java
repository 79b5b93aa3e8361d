/**
 * The {@code mask} command, one class a subcommand, over the public API; start with {@link
 * io.github.facemask.command.MaskCommand}.
 */
package io.github.facemask.command;
