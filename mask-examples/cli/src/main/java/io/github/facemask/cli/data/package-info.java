/** Commands on photos and their labels. */
package io.github.facemask.cli.data;
