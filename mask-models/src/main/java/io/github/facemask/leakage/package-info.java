/**
 * Refuses results on people that a model was trained on; see {@link
 * io.github.facemask.leakage.LeakCheck}.
 */
package io.github.facemask.leakage;
