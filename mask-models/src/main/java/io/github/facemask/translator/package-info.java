/** Deployed programs behind DJL's own Criteria, ZooModel and Predictor. */
package io.github.facemask.translator;
