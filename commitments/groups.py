"""What a curator may do beyond editing drafts: the permissions that guard the verbs of the desk.

The groups that hold them, `contributor` and `curator`, are made by migration 0003_groups.
"""

PUBLISH = "commitments.publish_record"
RETRACT = "commitments.retract_record"
RECORD_STATUS = "commitments.record_status"
MERGE = "commitments.merge_record"
