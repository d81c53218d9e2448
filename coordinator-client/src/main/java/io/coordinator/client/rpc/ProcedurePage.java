package io.coordinator.client.rpc;

import java.util.List;

/**
 * Some names of a listing.
 *
 * @param procedures in the order of their names
 * @param more whether there are more behind the last one
 */
public record ProcedurePage(List<ProcedureSummary> procedures, boolean more) {
    public ProcedurePage {
        procedures = List.copyOf(procedures);
    }
}
