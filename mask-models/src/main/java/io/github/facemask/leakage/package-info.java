/**
 * Refuses predictions of people that the model was trained on; see {@link
 * io.github.facemask.leakage.LeakCheck}.
 */
package io.github.facemask.leakage;
