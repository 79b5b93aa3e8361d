/** What networks see of a photo, for classifying one at a time. */
package io.github.facemask.framing;
