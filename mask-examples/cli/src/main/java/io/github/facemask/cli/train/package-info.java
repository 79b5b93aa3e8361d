/** Commands that train, and that list and repeat runs. */
package io.github.facemask.cli.train;
