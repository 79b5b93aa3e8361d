/** Photos classified, and trainings shared, on Apache Spark. */
package io.github.facemask.spark;
