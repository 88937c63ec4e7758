"""What files and programs of users rely on, pinned: this is added to, and what stands here never changes."""

# sha256 of each step of storage/migrations.py: files in users' homes were made by it.
STEPS = (
    "8b2f33026f97972a51fa0efec29e367616e778a1744c1a12751631455c85f4cd",
    "b6b18ddd7e8217b18ac9f79f36584d76222ead4cbb8f260845be27ef03b5b0a3",
    "11c7ebedb711c697efc44d2d14b1239205b65d337f29b0eaea39e8528cb4ea3b",
    "40735a62e33aef3bd2f2d1bdf7062bd1175bceba6a53523c9d789e1d0be8191f",
    "88367a4d7afcfb18800bc0621280fb4507680aa5ea7b6428b7986725a052808e",
    "84be66bfb04ad3bfb30053c1021d2a55c52a13099d927e865fca94c3cddc8d00",
    "0781789da701940bd3bd0ac6f9a74a53bb75be2c6a9c0906ddac376fb81cd21b",
    "c9059f4bb8239c4fe2b7c0ddf3ba06e2d4ebe33cbe6185e1b3a65249373ed723",
    "dcfc684f7e7a59592eb0a91cdc42edafbbcc7c3c7e497ad0710182eb56c0d99e",
    "4b1b360a188f0d676abb4b7be01ba05ba6227d0bb32881a0776632d224966dd4",
    "814bf99672df19a8c2d7024702a75fd06905e5df726bd06b7ec80259ff125883",
)

# The keys of each JSON document, in their order.
PERSONA = "name age personality background"
ATTRIBUTES = "gender age_range ethnicity body_type hair_style hair_color eye_color skin_tone style"
RECIPE = (
    "version persona attributes prompt engine model seed width_px height_px format jpeg_quality full_prompt "
    "negative_prompt options made_with not_shown drawn"
)
AVATAR = (
    "id generation_id project_id project_name name image_path thumbnail_path source_type persona attributes engine "
    "model prompt full_prompt negative_prompt seed width_px height_px format bytes sha256 recipe credit usage_count "
    "last_used_at created_at updated_at alt_text licenses not_shown drawn persona_id version picture_at cost_usd "
    "preset tags starred"
)
SHOWN_AVATAR = f"{AVATAR} versions output_path output_error"
VERSION = "version is_current picture_at generation_id engine model seed image_path thumbnail_path sha256 changed"
GENERATION = (
    "id project_id avatar_id status stage progress attempt waiting_for waiting_until seed engine model provider "
    "pictures prompt full_prompt negative_prompt width_px height_px error created_at started_at updated_at finished_at "
    "detached priority not_before after credential interruptions stop_asked batch_id avatar not_shown "
    "paid price_usd cost_usd output_path output_error name persona attributes persona_id "
    "preset"
)
MADE_GENERATION = f"{GENERATION} warnings"
PLAN = (
    "engine model project name persona attributes prompt prompt_style full_prompt negative_prompt width_px height_px "
    "format jpeg_quality embed options commercial preset licenses seeds sent drawn not_shown warnings remarks "
    "shared cost prompt_words prompt_tokens_about"
)
TAG = "tag avatars"
LICENSE = "of name url commercial_use review_pictures"
PROJECT = "id name description avatars created_at updated_at"
PRESET = "name title category description persona attributes prompt options built_in uses last_used_at"
SHOWN_PRESET = f"{PRESET} engine full_prompt warnings"
USAGE = "avatar_id events summary"
USAGE_EVENT = "id avatar_id app action reference created_at"
APP_USAGE = "app count last_used_at"
STATS = (
    "project_id avatars projects generations charged recent usage average_usage most_used picture_bytes "
    "database_bytes spending"
)
CHARGED = "engine provider model pictures rerolled usd unpriced"
SPENDING = "total day month reserved limits"
CHARGES = "pictures usd unpriced in_doubt"
LIMIT_LEFT = "setting most spent reserved left resets_at"
SPENT_BY = "name pictures usd unpriced"
HEALTH = "healthy findings"
FINDING = "level subject message hint"
SETTING = "key value source"
MARKS = (
    "format width_px height_px made_by_avatar digital_source_type digital_source_meaning creator_tool title alt_text "
    "credit generator prompt negative_prompt seed model parameters recipe c2pa gps camera_make camera_model "
    "camera_serial software xmp"
)
CREDIT = "creator license_name license_url text"
# Of a batch: a row that ended, what --dry-run says of all, and of the first that would be made.
ROW_OUTCOME = "row n result status name avatar_id path seed error generation_id duplicate_of warnings picture"
BATCH_PLAN = "rows pictures to_make states bad_rows duplicate_rows cost bad duplicates first warnings"
STATES = "new changed again unfinished exists earlier waiting failed fell_back"
FOUND = "row n state avatar_id persona attributes prompt seed preset"
PROBLEM = "column value message"
MANIFEST_ROW = "row avatar_id path status seed error picture"
# Of `coverage`: the report, a cast in it, how people are spread over an axis or several, and a value or a combination.
COVERAGE = "name project_id people targets casts axes pairs tables uncounted bad_rows within empty summary"
CAST_STAND = "seed people made failed waiting cancelled balance avatars"
SPREAD = "axes cells not_said other others"
CELL = "values target got difference"
GALLERY = "path avatars bytes"
# Of `models list`, `pull` and `rm`.
MODEL = (
    "name repository lora license gated download_bytes weights_bytes largest_part_bytes state lora_state disk_bytes "
    "pieces_bytes revision"
)
PULLED = "name repository revision lora lora_revision files downloaded_bytes disk_bytes"
REMOVED = "name repositories freed_bytes"
# Of `verify`: a picture.
VERIFIED = "id name version is_current result said image_path"
TWIN = "group id name project_name distance is_first is_same_file image_path"
