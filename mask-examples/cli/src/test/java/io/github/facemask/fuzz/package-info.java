/** Every reader of files that may come from anybody, fed with damaged ones. */
package io.github.facemask.fuzz;
